import { strict as assert } from 'node:assert';
import { toldOnce } from '../../../shared/detection/told-once.ts';

describe('toldOnce', () => {
  it('works something out once for each signal, also where it is undefined', () => {
    const asked: object[] = [];
    const tell = toldOnce((signal: { n: number }) => {
      asked.push(signal);
      return signal.n === 0 ? undefined : signal.n;
    });
    const [one, two] = [{ n: 0 }, { n: 2 }];
    assert.deepEqual([tell(one), tell(two), tell(one), tell(two)], [undefined, 2, undefined, 2]);
    assert.deepEqual(asked, [one, two]);
    assert.equal(tell({ n: 2 }), 2);
    assert.equal(asked.length, 3);
  });
});
