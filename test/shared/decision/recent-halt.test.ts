import { strict as assert } from 'node:assert';
import { makeRecentHalt } from '../../../shared/decision/recent-halt.ts';
import { decisionKit } from '../../kit/decision.ts';
import { ANA } from '../../kit/requests.ts';

describe('the halt that decide tells of', () => {
  it('is read once in ten seconds, and is none where it cannot be read', async () => {
    const kit = decisionKit();
    let reads = 0;
    const { halts } = kit.ports.stores;
    const get = (id: string) => {
      reads += 1;
      return reads === 2 ? Promise.reject(new Error('not now')) : halts.get(id);
    };
    const recent = makeRecentHalt({ clock: kit.clock, stores: { ...kit.ports.stores, halts: { ...halts, get } } });
    await kit.ask({ action: 'halt', ...ANA });
    for (let n = 0; n < 3; n += 1) assert.equal((await recent())?.halted, true);
    await kit.clock.advance(9_999);
    assert.deepEqual([(await recent())?.halted, reads], [true, 1]);
    await kit.clock.advance(1);
    assert.deepEqual([await recent(), reads], [undefined, 2]);
    await kit.clock.advance(10_000);
    assert.equal((await recent())?.halted, true);
  });
});
