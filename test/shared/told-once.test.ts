import { strict as assert } from 'node:assert';
import { toldOnce } from '../../shared/told-once.ts';

describe('toldOnce', () => {
  it('works something out once for a signal, also where it is undefined, until another is asked about', () => {
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
