import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { zshCompletion } from '../../../cli/completion/zsh.ts';
import { skipBecause } from '../../require.ts';
import { asFile, hasShell, wholeTree } from './kit.ts';

describe('the zsh completion', () => {
  it('names every flag with its description and its values', async () => {
    const script = zshCompletion(await wholeTree());
    assert.match(script, /^#compdef firebreak\n/);
    assert.match(script, /^ {4}'\(--tier\)--tier\[how far to go, required\]:value:\(observe snapshot /m);
    assert.match(script, /^ {4}'\*--owner\[a custom kind/m);
    assert.match(script, /'\(--policy\)--policy\[[^\]]*\\\[?.*:file:_files'/m);
  });

  it('loads in a real zsh', async function () {
    if (!hasShell('zsh')) skipBecause(this, 'no zsh on the PATH');
    const script = zshCompletion(await wholeTree());
    const ask = (path: string) =>
      `autoload -U compinit; compinit -u -D; source ${path}; whence -w _firebreak_policy_check`;
    const out = asFile(script, (path) => execFileSync('zsh', ['-f', '-c', ask(path)])).toString('utf8');
    assert.equal(out, '_firebreak_policy_check: function\n');
  });
});
