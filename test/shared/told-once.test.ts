import { strict as assert } from 'node:assert';
import { toldOfBoth, toldOnce } from '../../shared/told-once.ts';

describe('toldOnce', () => {
  it('computes a value once for a signal, also if it is undefined, until it gets another signal', () => {
    const asked: object[] = [];
    const tell = toldOnce((signal: { n: number }) => {
      asked.push(signal);
      return signal.n === 0 ? undefined : signal.n;
    });
    const [one, two] = [{ n: 0 }, { n: 2 }];
    assert.deepEqual([tell(one), tell(one), tell(two), tell(two)], [undefined, undefined, 2, 2]);
    assert.deepEqual(asked, [one, two]);
    assert.equal(tell({ n: 2 }), 2);
    assert.equal(tell(one), undefined);
    assert.equal(asked.length, 4);
  });
});

describe('toldOfBoth', () => {
  it('computes a value once for two arguments, until one of them changes', () => {
    const asked: unknown[] = [];
    const tell = toldOfBoth((a: object, b: object | undefined) => {
      asked.push([a, b]);
      return asked.length;
    });
    const [one, two] = [{}, {}];
    assert.deepEqual(
      [tell(one, undefined), tell(one, undefined), tell(one, two), tell(two, two), tell(two, two)],
      [1, 1, 2, 3, 3],
    );
    assert.deepEqual(asked, [
      [one, undefined],
      [one, two],
      [two, two],
    ]);
  });
});
