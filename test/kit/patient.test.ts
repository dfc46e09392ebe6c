import { strict as assert } from 'node:assert';
import { Denied, Transient } from '../../shared/errors.ts';
import { patiently } from './patient.ts';

describe('a test that asks a busy emulator', () => {
  it('asks again until it is answered', async () => {
    let asked = 0;
    const answer = await patiently(async () => {
      asked += 1;
      if (asked < 3) throw new Transient('busy');
      return asked;
    });
    assert.equal(answer, 3);
  });

  it('does not ask again after any other error', async () => {
    let asked = 0;
    const denied = patiently(async () => {
      asked += 1;
      throw new Denied('no right');
    });
    await assert.rejects(denied, Denied);
    assert.equal(asked, 1);
  });
});
