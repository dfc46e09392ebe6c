import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { type AuditEntryParts, auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { isHeartbeat } from '../../../shared/detection/heartbeat.ts';
import { isHeartbeatText } from '../../../shared/detection/heartbeat-text.ts';
import { isObject } from '../../../shared/json.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import { benignDay } from '../../fixtures/benign/day.ts';
import { LEASE } from '../../fixtures/lease.ts';
import { mangledOf } from '../../kit/mangle.ts';

const STATUS: AuditEntryParts = {
  verb: 'update',
  resource: 'configmaps',
  namespace: 'kube-system',
  name: 'cluster-autoscaler-status',
  principal: 'system:cluster-autoscaler',
};

/** As Cloud Logging writes its entries to a bucket: keys in alphabetical order, and no default values. */
const alphabetical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(alphabetical);
  if (!isObject(value)) return value;
  const pairs = Object.entries(value).map(([key, held]) => [key, alphabetical(held)]);
  return Object.fromEntries(pairs.filter(([key, held]) => key !== 'code' || held !== 0).toSorted());
};

const TEXTS = [
  ...[LEASE, STATUS].flatMap((parts) => [
    auditEntry(parts),
    auditEntry({ ...parts, verb: 'patch' }),
    auditEntry({ ...parts, code: 10, message: 'the object "x" has been modified' }),
    auditEntry({ ...parts, labels: { 'authorization.k8s.io/reason': 'RBAC: "a" allowed\t\\ \u00fc' } }),
  ]),
  auditEntry({ ...LEASE, principal: 'system:serviceaccount:keda:keda-operator', name: 'keda-operator' }),
].flatMap((entry) => [JSON.stringify(entry), JSON.stringify(alphabetical(entry))]);

/** Whether the parser and the rules agree that a text is a heartbeat. */
const isOne = (text: string): boolean => {
  const { signal } = readPayload(JSON.parse(text), { now: 0 });
  return signal?.kind === 'audit' && signal.call !== undefined && isHeartbeat(signal);
};

/** A text that differs in one place: something is taken out, put in, or comes twice. */
const edited: fc.Arbitrary<string> = fc
  .record({
    text: fc.constantFrom(...TEXTS),
    at: fc.nat(1300),
    out: fc.nat(40),
    put: fc.oneof(
      fc.constantFrom(
        '',
        '"',
        '\\',
        ',',
        '{',
        '}',
        '\n',
        '\u0000',
        '":"',
        '","methodName":"io.k8s.core.v1.pods.create","a":"',
        '"},"protoPayload":{"methodName":"io.k8s.core.v1.pods.create"},"a":{"b":"',
        '","authoritySelector":"system:masters',
        '"code":7,',
        '/../pods/x',
        'system:anonymous',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.tuple(fc.constantFrom(...TEXTS), fc.nat(1300), fc.nat(200)).map(([text, at, size]) => text.substr(at, size)),
    ),
  })
  .map(({ text, at, out, put }) => `${text.slice(0, at)}${put}${text.slice(at + out)}`);

describe('isHeartbeatText', () => {
  it('tells every heartbeat of a day, in the order of either writer, and nothing else', () => {
    const day = [...benignDay({ seed: 3, entries: 10_000 })];
    const texts = [...TEXTS, ...day.flatMap((entry) => [JSON.stringify(entry), JSON.stringify(alphabetical(entry))])];
    const told = texts.filter(isHeartbeatText);
    assert.deepEqual(told, texts.filter(isOne));
    assert.ok(told.length > texts.length / 2 && told.length < texts.length - 5000);
    assert.ok(TEXTS.every(isHeartbeatText));
  });

  it('leaves to the parser whatever differs in what counts', () => {
    const [lease] = TEXTS;
    assert.ok(lease !== undefined);
    for (const parts of [
      { verb: 'create' },
      { verb: 'delete' },
      { principal: 'ana@example.com' },
      { principal: 'system:anonymous' },
      { principal: 'system:unauthenticated' },
      { principal: null },
      { actingAs: 'system:kube-scheduler' },
      { code: 7 },
      { code: 16 },
      { code: 70 },
      { resource: 'pods' },
      { group: 'example.com' },
      { subresource: 'status' },
      { namespace: 'a/b' },
      { name: 'x/../../pods' },
      { request: { kind: 'Lease' } },
      { split: { uid: 'u', index: 0, totalSplits: 2 } },
      { userAgent: 'x'.repeat(2000) },
    ] satisfies Array<Partial<AuditEntryParts>>)
      assert.ok(!isHeartbeatText(JSON.stringify(auditEntry({ ...LEASE, ...parts }))), JSON.stringify(parts));
    for (const parts of [
      { name: 'cluster-autoscaler-status-2' },
      { namespace: 'shop' },
      { principal: 'system:serviceaccount:kube-system:cluster-autoscaler' },
      { verb: 'delete' },
    ])
      assert.ok(!isHeartbeatText(JSON.stringify(auditEntry({ ...STATUS, ...parts }))), JSON.stringify(parts));
    for (const text of [
      lease.replace('{', '{ '),
      lease.replace('%2Factivity', '%2Fother'),
      lease.replace('"serviceName":"k8s.io"', '"serviceName":"compute.googleapis.com"'),
      lease.replace('"logName":', '"jsonPayload":{},"logName":'),
      `${lease}}`,
      lease.slice(0, -1),
      `[${lease}]`,
      '',
    ])
      assert.ok(!isHeartbeatText(text), text);
  });

  it('never tells a text that the parser refuses, or in which the rules would look at anything', () => {
    let told = 0;
    const check = (text: string): void => {
      if (!isHeartbeatText(text)) return;
      assert.ok(isOne(text), text);
      told += 1;
    };
    fc.assert(fc.property(edited, check), { numRuns: 20_000 });
    const entries = TEXTS.map((text): unknown => JSON.parse(text));
    fc.assert(
      fc.property(mangledOf(entries), (entry) => check(JSON.stringify(entry) ?? '')),
      { numRuns: 10_000 },
    );
    assert.ok(told > 1000);
  });

  it('gives up on a long text that begins like one', () => {
    const [lease] = TEXTS;
    assert.ok(lease !== undefined);
    for (const part of ['\\"', '"a":"b",', '\\u00', '{}', 'a'])
      for (const key of ['"labels":{', '"authorizationInfo":[{', '"callerSuppliedUserAgent":"', '"status":{'])
        assert.ok(!isHeartbeatText(lease.slice(0, -1).replace(key, (found) => found + part.repeat(800 / part.length))));
  });
});
