import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bashCompletion } from '../../../cli/completion/bash.ts';
import { skipBecause } from '../../require.ts';
import { hasShell, wholeTree } from './kit.ts';

describe('the bash completion', () => {
  let folder = '';
  before(async function () {
    if (!hasShell('bash')) skipBecause(this, 'no bash on the PATH');
    folder = await mkdtemp(join(tmpdir(), 'firebreak completion '));
    await writeFile(join(folder, 'script'), bashCompletion(await wholeTree()));
    await writeFile(join(folder, 'entries.ndjson'), '');
  });
  after(() => (folder === '' ? undefined : rm(folder, { recursive: true })));

  /** What bash offers for these words; the last one is being typed. */
  const offered = (...words: string[]): string[] => {
    const ask = `source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _firebreak; printf "%s\\n" "\${COMPREPLY[@]}"`;
    const out = execFileSync('bash', ['--norc', '-c', ask, 'bash', 'firebreak', ...words], { cwd: folder });
    return out.toString('utf8').trim().split('\n');
  };

  it('offers commands, their subcommands and their flags', () => {
    assert.deepEqual(offered('con'), ['contain']);
    assert.deepEqual(offered('policy', 'ch'), ['check']);
    assert.deepEqual(offered('halt', '--re'), ['--reason']);
    assert.deepEqual(offered('policy', 'check', '--n'), ['--namespace']);
  });

  it('offers the values of a flag, and nothing if the flag takes any value', () => {
    assert.deepEqual(offered('contain', 'pod/a', '--tier', 'iso'), ['isolate']);
    assert.deepEqual(offered('contain', 'pod/a', '--reason', ''), ['']);
    assert.deepEqual(offered('completion', 'f'), ['fish']);
  });

  it('offers files where the argument is a file', () => {
    assert.deepEqual(offered('simulate', 'ent'), ['entries.ndjson']);
    assert.deepEqual(offered('simulate', '--policy', 'ent'), ['entries.ndjson']);
    assert.deepEqual(offered('halt', 'ent'), ['']);
  });
});
