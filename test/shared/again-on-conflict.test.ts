import assert from 'node:assert/strict';
import { againOnConflict } from '../../shared/again-on-conflict.ts';
import { Conflict, Denied, Transient } from '../../shared/errors.ts';

const meeting = (thrown: Error, times: number) => {
  const seen: number[] = [];
  const attempt = async (tries: number): Promise<string> => {
    seen.push(tries);
    if (seen.length <= times) throw thrown;
    return 'written';
  };
  return { seen, done: () => againOnConflict('it was written by others', attempt) };
};

describe('shared/again-on-conflict', () => {
  it('tries again until nobody else writes first, and says which try it is', async () => {
    const { seen, done } = meeting(new Conflict('a-1 is no longer at revision 3'), 4);
    assert.equal(await done(), 'written');
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
  });

  it('gives up after five conflicts, for the message to be delivered again', async () => {
    const { seen, done } = meeting(new Conflict('a-1 is no longer at revision 3'), 5);
    await assert.rejects(done, new Transient('it was written by others 5 times in a row'));
    assert.equal(seen.length, 5);
  });

  it('does not repeat what another error ended', async () => {
    const { seen, done } = meeting(new Denied('no right'), 1);
    await assert.rejects(done, new Denied('no right'));
    assert.equal(seen.length, 1);
  });
});
