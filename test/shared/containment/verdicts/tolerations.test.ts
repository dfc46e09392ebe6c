import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  restoreTolerations,
  type Toleration,
  tolerateForever,
  toleratesForever,
} from '../../../../shared/containment/verdicts/tolerations.ts';

const KEYS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable', 'dedicated'];
const one = fc
  .record({
    key: fc.constantFrom(...KEYS),
    operator: fc.constantFrom('Exists', 'Equal'),
    effect: fc.constantFrom('NoExecute', 'NoSchedule', ''),
    seconds: fc.option(fc.nat(600)),
  })
  .map(
    ({ key, operator, effect, seconds }): Toleration => ({
      key,
      operator,
      effect,
      ...(seconds === null ? {} : { tolerationSeconds: seconds }),
    }),
  );
const lists = fc.uniqueArray(one, { maxLength: 6, selector: (t) => `${t.key} ${t.operator} ${t.effect}` });

describe('containment/verdicts/tolerations', () => {
  it('lifts the time limit of both taints of a lost node, and adds the missing toleration', () => {
    const limited = [{ key: KEYS[0], operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }];
    const forever = tolerateForever(limited);
    assert.deepEqual(forever, [
      { key: KEYS[0], operator: 'Exists', effect: 'NoExecute' },
      { key: KEYS[1], operator: 'Exists', effect: 'NoExecute' },
    ]);
    assert.equal(toleratesForever(limited), false);
  });

  it('counts a toleration without an effect, and none with another effect', () => {
    const any = KEYS.slice(0, 2).map((key) => ({ key, operator: 'Exists' }));
    assert.equal(toleratesForever(any), true);
    assert.equal(toleratesForever(any.map((t) => ({ ...t, effect: 'NoSchedule' }))), false);
  });

  it('tolerates both taints for ever, changes only the time limits, and gives the same when repeated', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const forever = tolerateForever(list);
        assert.equal(toleratesForever(forever), true);
        const bare = (t: Toleration) => JSON.stringify({ ...t, tolerationSeconds: undefined });
        assert.deepEqual(forever.slice(0, list.length).map(bare), list.map(bare));
        assert.deepEqual(tolerateForever(forever), forever);
      }),
    );
  });

  it('restores every time limit, and counts the tolerations that cannot be removed from a living pod', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const { list: restored, kept } = restoreTolerations(tolerateForever(list), list);
        assert.equal(restored.length, list.length + kept);
        const matched = restored.slice(0, list.length);
        // Several tolerations of one taint all get the limit of the first, so limits are compared only if the keys are
        // unique.
        assert.deepEqual(
          matched.map((t) => t.key),
          list.map((t) => t.key),
        );
        if (new Set(list.map((t) => t.key)).size === list.length) assert.deepEqual(matched, list);
      }),
    );
  });
});
