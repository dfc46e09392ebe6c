import { strict as assert } from 'node:assert';
import { makeStdoutLog } from '../../../shared/adapters/log-stdout.ts';
import { cloudLogging } from '../../../shared/notifiers/cloud-logging.ts';
import { ASK, INCIDENT, noticeOf, notifyKit } from '../../kit/notices.ts';

describe('cloud-logging', () => {
  it('writes a line with fields and labels for searches and alerts', async () => {
    const { notify, told } = notifyKit();
    await notify(noticeOf());
    assert.deepEqual(told(), [
      {
        level: 'info',
        arrow: 'notice -> log',
        message: 'high with confidence 0.90: pod shop/cart-7d9f: quarantine',
        fields: {
          incident: INCIDENT,
          kind: 'opened',
          severity: 'high',
          state: 'containing',
          tier: 'quarantine',
          seq: 0,
          target: noticeOf().target,
          lines: ['pod shop/cart-7d9f in p1/europe-west1/c1: containing, quarantine', 'ana@example.com ran a shell'],
          labels: {
            firebreak_incident: INCIDENT,
            firebreak_kind: 'opened',
            firebreak_state: 'containing',
            firebreak_severity: 'high',
            firebreak_tier: 'quarantine',
            firebreak_cluster: 'c1',
            firebreak_namespace: 'shop',
          },
        },
      },
    ]);
  });

  it('says of a dry run that it is one', async () => {
    const { notify, told } = notifyKit();
    await notify(noticeOf({ dryRun: true }));
    const [{ message, fields } = assert.fail('no line')] = told();
    assert.equal(message, '[dry run] high with confidence 0.90: pod shop/cart-7d9f: quarantine');
    const { lines, labels } = fields ?? {};
    assert.ok(Array.isArray(lines) && lines[0].endsWith(': containing, quarantine (dry run)'));
    assert.deepEqual(labels, { ...Object(labels), firebreak_dry_run: 'true' });
  });

  it('writes a warning for what a person has to do, and an error for a failure', async () => {
    const { notify, told } = notifyKit();
    const kinds = ['opened', 'ask', 'held', 'failed', 'contained'] as const;
    for (const [seq, kind] of kinds.entries()) await notify(noticeOf({ seq, kind, ask: ASK }));
    assert.deepEqual(
      told().map(({ level }) => level),
      ['info', 'warn', 'warn', 'error', 'info'],
    );
  });

  it('puts the labels where Cloud Logging reads them', async () => {
    const lines: string[] = [];
    const clock = { now: () => 0, sleep: async () => {} };
    const log = makeStdoutLog({ function: 'notify', project: 'p1', clock, write: (line) => lines.push(line) });
    const send = cloudLogging.open({}, { log, clock, post: () => assert.fail('it needs no other service') });
    await send?.(noticeOf(), { kept: { read: () => undefined, write: async () => {} }, late: false });
    const written = JSON.parse(lines[0] ?? '');
    assert.equal(written['logging.googleapis.com/labels'].firebreak_incident, INCIDENT);
    assert.deepEqual([written.severity, written.incident, written.fields.kind], ['INFO', INCIDENT, 'opened']);
    assert.equal('labels' in written.fields, false);
  });

  it('removes characters that move a cursor or end a line', async () => {
    const { notify, told } = notifyKit();
    await notify(noticeOf({ title: 'a\u001b[2J\nb', lines: ['c\r\nd\u202e'] }));
    assert.doesNotMatch(JSON.stringify(told()), /\\u001b|\\n|\\r|\u202e/);
  });
});
