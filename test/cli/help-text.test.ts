import { strict as assert } from 'node:assert';
import { nodesOf, treeOf } from '../../cli/completion/tree.ts';
import { helpText } from '../../cli/help-text.ts';
import { main, programOf } from '../../cli/main.ts';
import { captured } from './kit.ts';

const EXAMPLES = `
Examples:
  firebreak demo                        an attack seen, decided and contained
  firebreak contain pod/a --project p1 \\
      --tier isolate                    contain by hand
                                        and say so

It tells what
it did.
`;

describe('helpText', () => {
  it('leaves alone what fits', () => {
    assert.equal(helpText(EXAMPLES, 80), EXAMPLES);
  });

  it('explains each example below it where that does not fit beside it, and breaks paragraphs at words', () => {
    const expected = `
Examples:
  firebreak demo
      an attack seen, decided and contained
  firebreak contain pod/a --project p1 \\
      --tier isolate
      contain by hand
      and say so

It tells what it did.
`;
    assert.equal(helpText(EXAMPLES, 60), expected);
    assert.match(helpText(EXAMPLES, 30), /^ {6}an attack seen, decided\n {6}and contained$/m);
  });

  it('does not break a command, so that it can be copied', () => {
    assert.match(helpText(EXAMPLES, 20), /^ {2}firebreak contain pod\/a --project p1 \\$/m);
  });

  it('lets every help fit a terminal, commands apart', async () => {
    for (const { path } of nodesOf(treeOf(await programOf(captured().io)))) {
      for (const columns of [60, 80]) {
        const { io, said } = captured({ isTTY: true, columns });
        await main([...path, '--help'], io);
        const { out } = await said();
        assert.doesNotMatch(out, /default: \[\]/);
        const wide = out
          .split('\n')
          .filter((line) => line.length > columns && !/^ {2}(\S.* )?(firebreak|gcloud) /.test(line));
        assert.deepEqual(wide, [], `firebreak ${path.join(' ')} at ${columns}`);
      }
    }
  });

  it('leaves an error on one line, like those of commands', async () => {
    const { io, said } = captured({ isTTY: true, columns: 40 });
    await main(['halt', '--reasn', 'x'], io);
    assert.match((await said()).err, /^firebreak: [^\n]+; see `firebreak halt --help`\.\n$/);
  });

  it('is not used where no person reads', async () => {
    const { io, said } = captured({ columns: 60 });
    await main(['policy', '--help'], io);
    assert.match((await said()).out, / {2}firebreak policy check {5,}the policy of this deployment/);
  });
});
