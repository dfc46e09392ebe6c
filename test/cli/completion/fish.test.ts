import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { fishCompletion } from '../../../cli/completion/fish.ts';
import { skipBecause } from '../../require.ts';
import { asFile, hasShell, wholeTree } from './kit.ts';

describe('the fish completion', () => {
  let script = '';
  before(async () => {
    script = fishCompletion(await wholeTree());
  });

  it('names every flag with its description, quoted', () => {
    assert.match(
      script,
      /^complete -c firebreak -n '__fish_seen_subcommand_from halt' -l reason -x -d 'why, for the record; required'$/m,
    );
    assert.match(script, /-l project -x -d 'the deployment\\'s project/);
  });

  it('offers commands, subcommands and values in a real fish', function () {
    if (!hasShell('fish')) skipBecause(this, 'no fish on the PATH');
    const offered = (line: string): string[] =>
      asFile(script, (path) => execFileSync('fish', ['--no-config', '-c', `source ${path}; complete -C '${line}'`]))
        .toString('utf8')
        .trim()
        .split('\n')
        .map((one) => one.split('\t')[0] ?? '');
    assert.deepEqual(offered('firebreak con'), ['contain']);
    assert.deepEqual(offered('firebreak contain x --tier is'), ['isolate']);
    assert.deepEqual(offered('firebreak policy c'), ['check']);
  });
});
