import { strict as assert } from 'node:assert';
import { cpuIncident } from '../../../local/scenarios/monitoring-incident.ts';
import { Malformed } from '../../../shared/errors.ts';
import { record } from '../../../shared/kubernetes/loose.ts';
import type { LogMatchSignal } from '../../../shared/model/log-match-signal.ts';
import { queryOf } from '../../../shared/sources/log-match.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import { NOW } from '../../fixtures/signals.ts';
import { C1 } from '../../fixtures/threats.ts';

const FILTER = 'protoPayload.methodName=~"exec" AND (severity>=NOTICE OR labels."a(b"="c")';
const whole = (filter: unknown, over: Record<string, unknown> = {}): Record<string, unknown> => {
  const sent = cpuIncident({ id: '0.abc', cluster: C1, on: { kind: 'node', node: 'n' }, startedAt: NOW });
  return { ...sent, incident: { ...record(sent.incident), condition: { conditionMatchedLog: { filter } }, ...over } };
};
const matchOf = (payload: unknown): LogMatchSignal => {
  const { signal } = readPayload(payload, { now: NOW });
  assert.equal(signal?.kind, 'log-match');
  return signal;
};

describe('a log-match incident', () => {
  it('names a filter, a project and a time, but no entry', () => {
    const { filter, project, at, incident } = matchOf(whole(FILTER));
    assert.deepEqual([filter, project, at, incident], [FILTER, 'p1', '2026-03-02T10:16:00.000Z', '0.abc']);
  });

  it('takes the project of its resource, or else that of its policy', () => {
    const resource = { type: 'k8s_cluster', labels: { project_id: 'p2' } };
    assert.equal(matchOf(whole(FILTER, { resource })).project, 'p2');
    assert.equal(matchOf(whole(FILTER, { resource: null, scoping_project_id: 'p3' })).project, 'p3');
  });

  it('gives no signal once it is closed', () => {
    const { signal } = readPayload(whole(FILTER, { state: 'closed' }), { now: NOW });
    assert.equal(signal, undefined);
  });

  it('leads to a query for audit entries from shortly before', () => {
    const { filter, from, until } = queryOf(matchOf(whole(FILTER)));
    assert.deepEqual([from, until], ['2026-03-02T10:11:00.000Z', '2026-03-02T10:17:00.000Z']);
    assert.equal(
      filter,
      `logName:"cloudaudit.googleapis.com" AND timestamp>="${from}" AND timestamp<="${until}" AND (\n${FILTER}\n)`,
    );
  });

  for (const filter of ['a="b" -- a comment (', 'a="\\") OR (" AND b', 'a=(b OR (c))', 'x -- "']) {
    it(`is accepted with the filter ${filter}`, () => assert.equal(matchOf(whole(filter)).filter, filter));
  }

  const escapes = [
    'a) OR (b',
    ') OR (a',
    '((a)',
    'a="b',
    '-- "\n) OR (a="b" -- "',
    "a=') OR ('",
    'a\u0000',
    '"\\',
    'a'.repeat(20_001),
    '',
    undefined,
    7,
  ];
  for (const filter of escapes) {
    it(`is refused with the filter ${String(filter).slice(0, 30)}`, () => {
      assert.throws(
        () => readPayload(whole(filter), { now: NOW }),
        (thrown) => thrown instanceof Malformed && /no readable filter/.test(thrown.message),
      );
    });
  }

  it('is refused with an invalid project or time', () => {
    const refused = (over: Record<string, unknown>): void =>
      assert.throws(() => readPayload(whole(FILTER, over), { now: NOW }), Malformed);
    refused({ resource: { type: 'k8s_cluster', labels: { project_id: '../p1' } } });
    refused({ started_at: 'now' });
  });
});
