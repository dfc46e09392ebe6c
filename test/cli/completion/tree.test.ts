import { strict as assert } from 'node:assert';
import { nodesOf } from '../../../cli/completion/tree.ts';
import { COMMANDS } from '../../../cli/main.ts';
import { wholeTree } from './kit.ts';

describe('the tree of the command line', () => {
  it('holds every command and what can follow it', async () => {
    const root = await wholeTree();
    assert.deepEqual(
      root.children.map(({ path }) => path.join(' ')),
      Object.keys(COMMANDS),
    );
    const node = (path: string) => nodesOf(root).find((one) => one.path.join(' ') === path);
    const tier = node('contain')?.flags.find(({ names }) => names.includes('--tier'));
    assert.ok(tier?.choices.includes('delete-host'));
    assert.deepEqual(node('policy check')?.takesFile, true);
    assert.deepEqual(
      node('rbac')?.flags.find(({ names }) => names.includes('--owner')),
      {
        names: ['--owner'],
        description: 'a custom kind that owns pods, read and deleted too; may repeat',
        takes: 'value',
        choices: [],
        repeats: true,
      },
    );
    assert.deepEqual(node('completion')?.words, ['bash', 'zsh', 'fish']);
  });

  it('gives the flags of a parent to its children', async () => {
    const show = nodesOf(await wholeTree()).find(({ path }) => path.join(' ') === 'dead-letters show');
    assert.ok(show?.flags.some(({ names }) => names.includes('--project')));
  });
});
