import { strict as assert } from 'node:assert';
import { tellLeftOut } from '../../cli/left-out.ts';
import { Malformed, Newer } from '../../shared/errors.ts';
import { captured } from './kit.ts';

describe('tellLeftOut', () => {
  it('says once which document is left out and why, and what helps if a newer release wrote it', async () => {
    const { io, said } = captured();
    const tell = tellLeftOut(io);
    assert.equal(io.exitCode(), 0);
    for (const id of ['a', 'b', 'a']) tell('heads', id, new Malformed(`heads/${id} is not a JSON object.`));
    tell('hosts', 'a', new Newer('hosts/a has version 2.'));
    assert.equal(io.exitCode(), 1);
    assert.deepEqual((await said()).err.trimEnd().split('\n'), [
      'firebreak: left out: heads/a is not a JSON object.',
      'firebreak: left out: heads/b is not a JSON object.',
      'firebreak: left out: hosts/a has version 2. Use the `firebreak` of the version that is deployed.',
    ]);
  });
});
