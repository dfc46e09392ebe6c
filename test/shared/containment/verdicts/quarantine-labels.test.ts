import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  keptLabels,
  labelPatch,
  quarantineLabels,
  releasedLabels,
} from '../../../../shared/containment/verdicts/quarantine-labels.ts';

const labels = fc.dictionary(
  fc.constantFrom('app', 'tier', 'pod-template-hash', 'quarantine', 'team', 'constructor', 'toString'),
  fc.string({ maxLength: 5 }),
  { noNullPrototype: true },
);
const patched = (from: Record<string, string>, patch: Record<string, string | null>): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...from, ...patch }).flatMap(([k, v]) => (v === null ? [] : [[k, v]])));

describe('containment/verdicts/quarantine-labels', () => {
  it('removes every label, so that nothing selects the pod any more', () => {
    for (const kind of ['ReplicaSet', 'DaemonSet', 'Job', undefined])
      assert.deepEqual(quarantineLabels({ app: 'cart', team: 'a' }, kind, { app: 'cart' }), { quarantine: 'true' });
  });

  it('keeps on a StatefulSet pod only the labels by which its controller knows it', () => {
    const before = { app: 'ledger', team: 'a', 'statefulset.kubernetes.io/pod-name': 'ledger-0' };
    assert.deepEqual(quarantineLabels(before, 'StatefulSet', { app: 'ledger' }), {
      app: 'ledger',
      'statefulset.kubernetes.io/pod-name': 'ledger-0',
      quarantine: 'true',
    });
  });

  it('makes a patch from any labels to any others, which is empty for equal labels', () => {
    fc.assert(
      fc.property(labels, labels, (from, to) => {
        assert.deepEqual(patched(from, labelPatch(from, to)), to);
        assert.deepEqual(labelPatch(from, from), {});
      }),
    );
  });

  it('restores what was removed, and keeps what somebody set since', () => {
    fc.assert(
      fc.property(labels, labels, (before, set) => {
        const { quarantine: _, ...theirs } = set;
        const now = { ...quarantineLabels(before, undefined, {}), ...theirs };
        const after = releasedLabels(now, before);
        for (const [key, value] of Object.entries(theirs)) assert.equal(after[key], value);
        for (const [key, value] of Object.entries(before))
          if (!Object.hasOwn(theirs, key)) assert.equal(after[key], value);
        assert.equal(after.quarantine, before.quarantine);
      }),
    );
  });

  it('gives the same labels when a pod is quarantined twice', () => {
    fc.assert(
      fc.property(labels, fc.constantFrom('StatefulSet', 'ReplicaSet'), (before, kind) => {
        const once = quarantineLabels(before, kind, { app: 'x' });
        assert.deepEqual(quarantineLabels(once, kind, { app: 'x' }), once);
      }),
    );
  });

  it('names the labels that a pod has kept although a quarantine takes them, whatever their names are', () => {
    const before = { app: 'cart', constructor: 'x', team: 'a' };
    const wanted = { quarantine: 'true' };
    assert.deepEqual(keptLabels({ constructor: 'x', team: 'b', quarantine: 'true' }, before, wanted), ['constructor']);
    assert.deepEqual(keptLabels(wanted, before, wanted), []);
  });
});
