import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { drainVerdicts, leftBehind } from '../../../../shared/containment/verdicts/drain.ts';
import { kubeObject } from './objects.ts';

const owner = (kind: string) => [{ apiVersion: 'apps/v1', kind, name: 'o', uid: 'o-1', controller: true }];
const pod = (uid: string, given: { metadata?: object; spec?: object; status?: object } = {}) =>
  kubeObject(
    'Pod',
    { name: uid, uid, ownerReferences: owner('ReplicaSet'), ...given.metadata },
    given.spec,
    given.status,
  );
const verdictOf = (given: Parameters<typeof pod>[1], held = new Set<string>()) =>
  drainVerdicts([pod('a', given)], held)[0];

describe('containment/verdicts/drain', () => {
  it('evicts a pod that a controller makes again', () => {
    assert.equal(verdictOf({})?.verdict, 'evict');
  });

  it('keeps evidence: quarantined pods, and the subjects of open incidents', () => {
    assert.equal(verdictOf({ metadata: { labels: { quarantine: 'true' } } })?.verdict, 'keep');
    assert.equal(verdictOf({}, new Set(['a']))?.verdict, 'keep');
    assert.equal(verdictOf({ metadata: { labels: { quarantine: 'false' } } })?.verdict, 'evict');
  });

  it('keeps evidence even if the pod has ended', () => {
    const ended = { status: { phase: 'Succeeded' } };
    assert.equal(verdictOf({ ...ended, metadata: { labels: { quarantine: 'true' } } })?.verdict, 'keep');
    assert.equal(verdictOf(ended, new Set(['a']))?.verdict, 'keep');
  });

  it('keeps static pods and pods of a DaemonSet, which would be back at once', () => {
    assert.equal(verdictOf({ metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } })?.verdict, 'keep');
    assert.equal(verdictOf({ metadata: { ownerReferences: owner('DaemonSet') } })?.verdict, 'keep');
  });

  it('leaves what a drain must not destroy: pods without a controller, and data in emptyDir', () => {
    assert.equal(verdictOf({ metadata: { ownerReferences: [] } })?.verdict, 'leave');
    assert.equal(verdictOf({ spec: { volumes: [{ name: 'cache', emptyDir: {} }] } })?.verdict, 'leave');
    const notController = [{ ...owner('ReplicaSet')[0], controller: false }];
    assert.equal(verdictOf({ metadata: { ownerReferences: notController } })?.verdict, 'leave');
  });

  it('evicts a pod whose volumes exist outside the node', () => {
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
    assert.equal(verdictOf({ spec: { volumes } })?.verdict, 'evict');
    assert.match(
      verdictOf({ spec: { volumes: [...volumes, { name: 'cache', emptyDir: {} }] } })?.because ?? '',
      /emptyDir cache would be lost/,
    );
  });

  it('gives each verdict by UID, and recognises a pod that is already being deleted', () => {
    const leaving = { metadata: { deletionTimestamp: '2026-03-02T03:00:00Z' } };
    assert.deepEqual([verdictOf({})?.uid, verdictOf({})?.leaving, verdictOf(leaving)?.leaving], ['a', false, true]);
  });

  it('evicts a pod that has ended, whatever owns it', () => {
    for (const phase of ['Succeeded', 'Failed'])
      assert.equal(verdictOf({ metadata: { ownerReferences: [] }, status: { phase } })?.verdict, 'evict');
  });

  it('names each pod that it left with the reason, and returns undefined if it left none', () => {
    const verdicts = drainVerdicts([pod('a', { metadata: { ownerReferences: [] } }), pod('b')], new Set());
    assert.match(leftBehind(verdicts) ?? '', /shop\/a \(no controller would recreate it\)/);
    assert.equal(leftBehind(drainVerdicts([pod('b')], new Set())), undefined);
  });

  it('judges each pod independently of the others and of their order', () => {
    const kinds = ['ReplicaSet', 'DaemonSet', 'StatefulSet'];
    const any = fc.record({ kind: fc.constantFrom(...kinds), quarantined: fc.boolean(), held: fc.boolean() });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), (given) => {
        const pods = given.map(({ kind, quarantined }, i) =>
          pod(`p${i}`, {
            metadata: { ownerReferences: owner(kind), labels: quarantined ? { quarantine: 'true' } : {} },
          }),
        );
        const held = new Set(given.flatMap((g, i) => (g.held ? [`p${i}`] : [])));
        const together = drainVerdicts(pods, held);
        const apart = pods.toReversed().flatMap((p) => drainVerdicts([p], held));
        assert.deepEqual(together, apart.toReversed());
        for (const { uid, verdict } of together) if (held.has(uid)) assert.equal(verdict, 'keep');
      }),
    );
  });
});
