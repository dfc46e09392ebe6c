import { strict as assert } from 'node:assert';
import { tmpdir } from 'node:os';
import { describe, it } from 'mocha';
import { goBuild } from '../../scripts/go-build.ts';

describe('scripts/go-build', () => {
  it('says what to do where Go is not on the PATH', async () => {
    const { PATH } = process.env;
    try {
      process.env.PATH = '';
      const program = { name: 'thing', module: tmpdir(), source: '.', to: 'thing', flags: '' };
      await assert.rejects(goBuild(program), /^Error: Go, which builds thing, cannot be started: install it/);
    } finally {
      if (PATH !== undefined) process.env.PATH = PATH;
    }
  });
});
