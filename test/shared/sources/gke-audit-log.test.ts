import { strict as assert } from 'node:assert';
import { auditEntry } from '../../../local/scenarios/audit-entry.ts';
import { Malformed } from '../../../shared/errors.ts';
import type { AuditSignal } from '../../../shared/model/signal.ts';
import { readPayload } from '../../../shared/sources/registry.ts';
import { NOW, signalOf, signalOfPayload } from '../../fixtures/signals.ts';

const EXEC = {
  verb: 'create',
  resource: 'pods',
  subresource: 'exec',
  namespace: 'shop',
  name: 'cart-0',
  command: 'ls /',
};

const FIELDS = ['event', 'at', 'place', 'principal', 'status', 'outcome', 'labels', 'command', 'partial', 'doubts'];

/** Fields of a signal by name. They are inherited getters, which a comparison of the signal itself would not see. */
const pick = (signal: AuditSignal, fields: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(fields.map((field): [string, unknown] => [field, Reflect.get(signal, field)]));

/** An entry whose payload has these fields replaced. */
const withPayload = (fields: Record<string, unknown>): Record<string, unknown> => {
  const entry = auditEntry(EXEC);
  return { ...entry, protoPayload: { ...Object(entry.protoPayload), ...fields } };
};

/** An entry without these fields. */
const without = (...keys: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(auditEntry(EXEC)).filter(([key]) => !keys.includes(key)));

describe('a GKE audit log entry', () => {
  it('is read into our own fields', () => {
    const signal = signalOf({ ...EXEC, at: '2026-03-02T10:15:30.250Z' });
    assert.match(signal.event, /^[0-9a-f]{32}$/);
    assert.equal(signal.labels['command.gke.io/command'], 'ls /');
    const absent = { actingAs: undefined, request: undefined, response: undefined, metadata: undefined };
    const expected: Omit<AuditSignal, 'event' | 'labels'> = {
      ...absent,
      policyDelta: undefined,
      kind: 'audit',
      source: 'gke-audit-log',
      at: '2026-03-02T10:15:30.250Z',
      service: 'k8s.io',
      method: 'io.k8s.core.v1.pods.exec.create',
      resourceName: 'core/v1/namespaces/shop/pods/cart-0/exec',
      call: {
        group: 'core',
        version: 'v1',
        resource: 'pods',
        subresource: 'exec',
        rest: undefined,
        verb: 'create',
        namespace: 'shop',
        name: 'cart-0',
      },
      place: { project: 'p1', location: 'europe-west1', cluster: 'c1' },
      principal: 'ana@example.com',
      principalClass: 'human',
      callerIp: '203.0.113.7',
      userAgent: 'kubectl/v1.33.2 (linux/amd64) kubernetes/a57b6f7',
      status: { code: 0 },
      outcome: 'ok',
      authorization: { decision: 'allow', reason: 'access granted by IAM permissions.' },
      command: { line: 'ls /', truncated: false },
      partial: false,
      operation: { id: `${signal.operation?.id}`, first: true, last: true },
      doubts: [],
    };
    assert.deepEqual(pick(signal, Object.keys(expected)), expected);
    assert.notEqual(signal.operation?.id, undefined);
  });

  it('gives the same value for a field however often it is read', () => {
    const signal = signalOf(EXEC);
    const all = (): unknown => pick(signal, [...FIELDS]);
    assert.deepEqual(all(), all());
    assert.equal(signal.place, signal.place);
  });

  it('is one event with the entry that ends what it began', () => {
    const exec = auditEntry({ verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'a' });
    const eventOf = (insertId: string, operation: object, more: object = {}): string =>
      signalOfPayload({ ...exec, insertId, operation: { id: 'o1', producer: 'k8s.io', ...operation }, ...more }).event;
    const began = eventOf('o1', { first: true });
    assert.equal(eventOf('i2', { last: true }, { timestamp: '2026-03-02T10:25:30.250000Z' }), began);
    assert.notEqual(eventOf('i2', { last: true, id: 'o2' }), began);
    assert.notEqual(eventOf('i2', { last: true }, { split: { uid: 's', index: 0, totalSplits: 2 } }), began);
    // An entry of its own, and one from the middle of an operation, are told apart by their insertId.
    for (const whole of [{ first: true, last: true }, {}])
      assert.notEqual(eventOf('o1', whole), eventOf('i2', whole), JSON.stringify(whole));
  });

  it('is the same event for every delivery, and another if any part of its identity differs', () => {
    const base = { ...EXEC, insertId: 'a1', at: '2026-03-02T10:15:30.250Z' };
    const { event } = signalOf(base);
    assert.equal(signalOf({ ...base, message: 'delivered again' }).event, event);
    assert.notEqual(signalOf({ ...base, insertId: 'a2' }).event, event);
    assert.notEqual(signalOf({ ...base, at: '2026-03-02T10:15:30.251Z' }).event, event);
    assert.notEqual(signalOf({ ...base, log: 'data_access' }).event, event);
  });

  it('is identified by its body if it has no insertId, in any order of its fields', () => {
    const fragment = without('insertId');
    const turned = Object.fromEntries(Object.entries(fragment).reverse());
    assert.equal(signalOfPayload(turned).event, signalOfPayload(fragment).event);
    assert.notEqual(signalOfPayload({ ...fragment, labels: {} }).event, signalOfPayload(fragment).event);
  });

  it('is read as far as possible if fields are missing, with a doubt for each', () => {
    const signal = signalOfPayload({
      protoPayload: { methodName: 'io.k8s.core.v1.pods.create', authenticationInfo: {} },
    });
    assert.equal(signal.at, '2026-03-02T10:16:00.000Z');
    assert.deepEqual(signal.place, { project: 'unknown-project' });
    assert.equal(signal.doubts.length, 2);
    assert.equal(signal.call?.resource, 'pods');
  });

  it('takes the project from the name of the log if the resource is missing', () => {
    assert.equal(signalOfPayload(without('resource')).place.project, 'p1');
  });

  it('drops invalid names of project, location and cluster', () => {
    const signal = signalOf({ ...EXEC, project: 'p1/../p2', location: 'here', cluster: 'C1' });
    assert.deepEqual(signal.place, { project: 'unknown-project' });
  });

  it('reads times without a zone and keys in lower case, as log exports write them', () => {
    const { insertId, logName, ...rest } = auditEntry(EXEC);
    const signal = signalOfPayload({
      ...rest,
      insertid: insertId,
      logname: logName,
      timestamp: '2026-03-02 10:15:30.250',
    });
    assert.equal(signal.at, '2026-03-02T10:15:30.250Z');
    assert.deepEqual(signal.doubts, []);
  });

  it('takes its outcome from the gRPC code, which may be a number or a string', () => {
    const outcomes = [0, 7, 16, 10, 5].map((code) => signalOf({ ...EXEC, code }).outcome);
    assert.deepEqual(outcomes, ['ok', 'denied', 'denied', 'failed', 'failed']);
    assert.equal(signalOfPayload(withPayload({ status: { code: '7' } })).outcome, 'denied');
    assert.equal(signalOfPayload(withPayload({ status: undefined })).outcome, 'ok');
    assert.equal(signalOfPayload(withPayload({ status: {} })).outcome, 'ok');
  });

  it('is denied if only the response in it says so', () => {
    const response = { kind: 'Status', status: 'Failure', code: 403 };
    assert.equal(signalOfPayload(withPayload({ status: undefined, response })).outcome, 'denied');
  });

  it('is unattributed without a principal, not anonymous', () => {
    const signal = signalOf({ ...EXEC, principal: null });
    assert.equal(signal.principal, undefined);
    assert.equal(signal.principalClass, 'unattributed');
  });

  it('takes the subject if there is no mail address, and the selector only if it is the anonymous one', () => {
    const read = (authenticationInfo: unknown) => signalOfPayload(withPayload({ authenticationInfo }));
    assert.equal(read({ principalSubject: 'user:ana@example.com' }).principal, 'ana@example.com');
    assert.equal(read({ authoritySelector: 'system:anonymous' }).principalClass, 'anonymous');
    const acting = read({ principalEmail: 'ana@example.com', authoritySelector: 'system:admin' });
    assert.equal(acting.principal, 'ana@example.com');
    assert.equal(acting.actingAs, 'system:admin');
  });

  it('does not turn a principal with a hidden character into another principal', () => {
    const signal = signalOf({ ...EXEC, principal: 'system:anonymous\u200b' });
    assert.equal(signal.principalClass, 'unattributed');
  });

  it('is partial if it is one of several parts', () => {
    assert.equal(signalOf({ ...EXEC, split: { uid: 'u', index: 0, totalSplits: 3 } }).partial, true);
    assert.equal(signalOf({ ...EXEC, split: { uid: 'u', index: 0, totalSplits: 1 } }).partial, false);
  });

  it('marks a command that was cut', () => {
    assert.equal(signalOf({ ...EXEC, command: 'x'.repeat(70_000) }).command?.truncated, true);
  });

  it('is malformed if nothing in it describes a call', () => {
    assert.throws(
      () =>
        readPayload(
          { protoPayload: { status: {} }, logName: 'projects/p1/logs/cloudaudit.googleapis.com%2Factivity' },
          { now: NOW },
        ),
      Malformed,
    );
  });
});
