import { strict as assert } from 'node:assert';
import { heartbeat } from '../../../../shared/doctor/checks/heartbeat.ts';
import { tellsOf, unreadable } from '../broken.ts';
import type { Deployment } from '../deployment.ts';

const beat = (d: Deployment) =>
  Object(d.entries.find((one) => Object(one.jsonPayload).arrow === 'envelope -> acknowledged'));

tellsOf('heartbeat', [
  {
    what: 'a tick that never arrived',
    status: 'fail',
    subject: 'operate',
    says: /has not handled any tick/,
    next: /^gcloud logging read operate$/,
    breaks: (d) => {
      d.entries = d.entries.filter((one) => one !== beat(d));
    },
  },
  {
    what: 'a tick that does not arrive any more',
    status: 'fail',
    subject: 'operate',
    says: /handled the last tick at 2026-11-03T02:14:04.000Z, 60 min ago/,
    next: /^gcloud logging read operate$/,
    breaks: (d) => Object.assign(beat(d), { timestamp: '2026-11-03T02:14:04.000000001Z' }),
  },
  unreadable('logging /v2/entries:list', 'roles/logging.viewer'),
]);

describe('firebreak doctor: heartbeat', () => {
  it('is ok without a first tick just after the start', () => {
    const facts = { now: Date.parse('2026-11-03T03:14:04.000Z'), handledAt: undefined, logsOf: () => 'tail' };
    const statusOf = (runsSince: string | undefined) => heartbeat.judge({ ...facts, runsSince })[0]?.status;
    assert.equal(statusOf('2026-11-03T03:14:02.000Z'), 'ok');
    assert.equal(statusOf('2026-11-03T02:14:02.000Z'), 'fail');
    assert.equal(statusOf(undefined), 'fail');
  });
});
