import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  type Freeze,
  freezeOf,
  freezePatch,
  frozenField,
  frozenValue,
} from '../../../../shared/containment/verdicts/freeze.ts';

const merged = (target: unknown, patch: unknown): unknown => {
  if (typeof patch !== 'object' || patch === null) return patch;
  const result: Record<string, unknown> = typeof target === 'object' && target !== null ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
};

describe('containment/verdicts/freeze', () => {
  it('knows the field that stops each kind, and no field for a kind whose stop would delete the evidence', () => {
    const fields = ['Deployment', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob', 'DaemonSet'].map(
      (kind) => freezeOf(kind)?.field,
    );
    assert.deepEqual(fields, ['replicas', 'replicas', 'replicas', 'suspend', 'suspend', 'nodeSelector']);
    for (const kind of ['StatefulSet', 'Pod', 'Rollout', 'constructor']) assert.equal(freezeOf(kind), undefined);
  });

  it('reads null if the field is missing, and the frozen value once it is patched', () => {
    for (const field of ['replicas', 'suspend', 'nodeSelector'] as const) {
      const way: Freeze = { field };
      assert.equal(frozenField({}, way), null);
      assert.equal(frozenField(undefined, way), null);
      assert.equal(
        frozenField(merged({ template: { spec: {} } }, freezePatch(way, frozenValue(way))), way),
        frozenValue(way),
      );
    }
  });

  it('restores the former value, including other node selectors', () => {
    const value = { replicas: fc.option(fc.nat(50)), suspend: fc.option(fc.boolean()), zone: fc.option(fc.string()) };
    fc.assert(
      fc.property(
        fc.record(value),
        fc.constantFrom('replicas', 'suspend', 'nodeSelector'),
        ({ replicas, suspend, zone }, field) => {
          const spec = {
            ...(replicas === null ? {} : { replicas }),
            ...(suspend === null ? {} : { suspend }),
            template: { spec: { nodeSelector: zone === null ? {} : { zone } } },
          };
          const way: Freeze = { field };
          const frozen = merged(spec, freezePatch(way, frozenValue(way)));
          assert.deepEqual(merged(frozen, freezePatch(way, frozenField(spec, way))), spec);
        },
      ),
    );
  });
});
