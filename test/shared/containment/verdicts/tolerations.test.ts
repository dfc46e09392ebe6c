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
    key: fc.constantFrom(...KEYS, ''),
    operator: fc.constantFrom('Exists', 'Equal'),
    effect: fc.constantFrom('NoExecute', 'NoSchedule', ''),
    seconds: fc.option(fc.nat(600)),
  })
  .map(
    ({ key, operator, effect, seconds }): Toleration => ({
      key,
      operator: key === '' ? 'Exists' : operator,
      effect,
      ...(seconds === null || effect !== 'NoExecute' ? {} : { tolerationSeconds: seconds }),
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

  it('puts the tolerations without limit before one for all taints, since only the first for a taint counts', () => {
    const all = { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 };
    const forever = tolerateForever([all]);
    assert.deepEqual(
      forever.map((t) => [t.key, t.tolerationSeconds]),
      [
        [KEYS[0], undefined],
        [KEYS[1], undefined],
        [undefined, 60],
      ],
    );
    assert.equal(toleratesForever([all, ...forever.slice(0, 2)]), false);
    const { list, kept } = restoreTolerations(forever, [all]);
    assert.deepEqual(
      list.map((t) => t.tolerationSeconds),
      [60, 60, 60],
    );
    assert.equal(kept, 2);
  });

  it('puts a toleration that the pod has before one for all taints, and gives it its place back', () => {
    const before = [
      { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
      ...KEYS.slice(0, 2).map((key) => ({ key, operator: 'Exists', effect: 'NoExecute' })),
    ];
    const forever = tolerateForever(before);
    assert.deepEqual(
      forever.map((t) => t.key),
      [KEYS[0], KEYS[1], undefined],
    );
    assert.deepEqual(restoreTolerations(forever, before), { list: before, kept: 0 });
  });

  it('counts a toleration that is equal to the taint, which has no value', () => {
    const equal = KEYS.slice(0, 2).map((key) => ({ key, effect: 'NoExecute' }));
    assert.equal(toleratesForever(equal), true);
    assert.equal(toleratesForever(equal.map((t) => ({ ...t, value: 'x' }))), false);
    assert.deepEqual(tolerateForever(equal.map((t) => ({ ...t, tolerationSeconds: 5 }))), equal);
  });

  it('gives a limit back only to the toleration that had it: the API server accepts none without NoExecute', () => {
    const limited = { key: KEYS[0], operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 };
    const before = [limited, { key: KEYS[0], operator: 'Exists' }, { key: KEYS[1], operator: 'Exists' }];
    assert.deepEqual(restoreTolerations(tolerateForever(before), before), { list: before, kept: 0 });
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
        for (const t of list) assert.ok(forever.map(bare).includes(bare(t)), bare(t));
        assert.deepEqual(tolerateForever(forever), forever);
      }),
    );
  });

  it('restores every time limit, and counts the tolerations that cannot be removed from a living pod', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const { list: restored, kept } = restoreTolerations(tolerateForever(list), list);
        assert.equal(restored.length, list.length + kept);
        assert.deepEqual(restored.slice(0, list.length), list);
      }),
    );
  });

  it('gives each limit back to its own taint, also where the two had different ones', () => {
    const before = KEYS.slice(0, 2).map((key, n) => ({
      ...{ key, operator: 'Exists', effect: 'NoExecute' },
      tolerationSeconds: 60 + n,
    }));
    const forever = tolerateForever(before);
    assert.deepEqual(
      forever.map((t) => t.tolerationSeconds),
      [undefined, undefined],
    );
    assert.deepEqual(restoreTolerations(forever, before), { list: before, kept: 0 });
    assert.deepEqual(restoreTolerations(forever.toReversed(), before).list, before, 'in the order that they had');
  });

  it('needs both taints, and takes an empty effect or key for any', () => {
    const forever = (list: Toleration[]) => toleratesForever(list);
    const both = KEYS.slice(0, 2).map((key) => ({ key, operator: 'Exists', effect: '' }));
    assert.equal(forever(both), true);
    assert.equal(forever(both.slice(0, 1)), false);
    assert.equal(forever(both.slice(1)), false);
    assert.equal(forever([{ key: '', operator: 'Exists' }]), true);
    assert.equal(forever([{ operator: 'Exists' }]), true);
    assert.equal(forever([{ key: 'dedicated', operator: 'Exists' }]), false);
    assert.deepEqual(tolerateForever([{ key: '', operator: 'Exists' }]), [{ key: '', operator: 'Exists' }]);
  });

  it('counts as added only our own, not what a stranger has added since', () => {
    const theirs = { key: 'dedicated', operator: 'Equal', value: 'b', effect: 'NoSchedule' };
    const before = [{ ...theirs, value: 'a' }];
    const now = [...tolerateForever(before), theirs];
    const { list, kept } = restoreTolerations(now, before);
    assert.equal(kept, 2);
    assert.deepEqual(list, [...before, ...now.slice(1)]);
  });
});
