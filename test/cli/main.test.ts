import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { nodesOf, treeOf } from '../../cli/completion/tree.ts';
import { COMMANDS, type Commands, main, programOf } from '../../cli/main.ts';
import { Malformed } from '../../shared/errors.ts';
import { captured } from './kit.ts';

const run = async (argv: string[], commands?: Commands) => {
  const { io, said } = captured();
  const code = await main(argv, io, commands);
  return { code, ...(await said()) };
};

describe('firebreak', () => {
  it('shows every command and an example if it is run without arguments', async () => {
    const { code, out } = await run([]);
    assert.equal(code, 0);
    for (const name of Object.keys(COMMANDS)) assert.match(out, new RegExp(`^ {2}${name}\\b`, 'm'));
    assert.match(out, /Examples:/);
  });

  it('registers each command under its listed name, with a description and an example, subcommands included', async () => {
    const nodes = nodesOf(treeOf(await programOf(captured().io))).filter(({ path }) => path.length > 0);
    assert.deepEqual(
      nodes.flatMap(({ path: [name, ...below] }) => (below.length === 0 ? [name] : [])),
      Object.keys(COMMANDS),
    );
    for (const { path, description } of nodes) {
      const name = path.join(' ');
      const { code, out } = await run([...path, '--help']);
      assert.equal(code, 0, name);
      assert.ok(out.startsWith(`Usage: firebreak ${name}`), name);
      assert.match(out, new RegExp(`Examples?:\\n {2}.*firebreak ${name}`), name);
      assert.match(description, /^[a-z]/, name);
    }
  });

  it('has every file of the folder as a command, and no other', () => {
    const files = readdirSync(new URL('../../cli/commands/', import.meta.url));
    assert.deepEqual(Object.keys(COMMANDS).toSorted(), files.map((file) => file.replace(/\.ts$/, '')).toSorted());
  });

  it('loads the named command only', async () => {
    const loaded: string[] = [];
    const command = (name: string): Commands[string] => {
      return async () => {
        loaded.push(name);
        return (program) => void program.command(name).action(() => {});
      };
    };
    const { code } = await run(['one'], { one: command('one'), other: command('other') });
    assert.deepEqual([code, loaded], [0, ['one']]);
  });

  it('suggests a name for an unknown command and exits 2', async () => {
    const { code, err } = await run(['incident']);
    assert.equal(code, 2);
    assert.equal(err, "firebreak: unknown command 'incident' (did you mean incidents?); see `firebreak --help`.\n");
  });

  it('reports an unknown command, also if help for it is requested', async () => {
    const { code, out, err } = await run(['help', 'nothere']);
    assert.deepEqual([code, out], [2, '']);
    assert.equal(err, "firebreak: unknown command 'nothere'; see `firebreak --help`.\n");
    assert.match((await run(['help', 'contai'])).err, /unknown command 'contai' \(did you mean contain\?\)/);
    assert.match((await run(['help', 'halt'])).out, /^Usage: firebreak halt/);
  });

  it('exits 2 on a missing, misspelt or wrong option, in one sentence that names the help', async () => {
    for (const argv of [['halt'], ['halt', '--reasn', 'x'], ['contain', 'pod/a', '--tier', 'nuke', '--reason', 'x']]) {
      const { code, out, err } = await run(argv);
      assert.deepEqual([code, out], [2, ''], argv.join(' '));
      assert.match(err, new RegExp(`^firebreak: [^\\n]+; see \`firebreak ${argv[0]} --help\`\\.\\n$`));
    }
  });

  it('knows what people mean who come from kubectl and gcloud', async () => {
    const said: ReadonlyArray<[argv: string[], sentence: RegExp]> = [
      [['get', 'incidents'], /unknown command 'get' \(did you mean firebreak incidents\?\)/],
      [['isolate', 'pod/a'], /\(did you mean firebreak contain TARGET --tier isolate\?\)/],
      [['incidents', '-o', 'json'], /unknown option '-o' \(for JSON, add --json\); see `firebreak incidents --help`/],
      [['contain', 'pod', 'a', '--tier', 'isolate', '--reason', 'x'], /\(did you mean pod\/a\?\)/],
      [['score', '--json'], /unknown option '--json' \(what it prints is JSON already, one document a line\)/],
      [['report', 'i-1', '--json'], /\(for its documents, use firebreak incidents INCIDENT --json\)/],
      [
        ['contain', 'pod/a', '--context', 'c', '--tier', 'isolate', '--reason', 'x'],
        /\(--project, --location and --cluster say where\)/,
      ],
      [['contain', 'pod/a', '--tier', 'nuke', '--reason', 'x'], /: --tier 'nuke' is not one of observe, snapshot, /],
      [['--project', 'p1', 'incidents'], /'--project' \(flags stand after the command\); see `firebreak --help`/],
      [['incidents', '-A'], /'-A' \(all namespaces are listed where none is named\); see/],
      ...['approve', 'reject', 'release', 'close', 'halt', 'resume'].flatMap(
        (action): Array<[string[], RegExp]> =>
          ['--tier', '--stop-first', '--investigate', '--forensics', '--sandbox', '--drain'].map((flag) => [
            [action, 'i-1', '--reason', 'x', flag],
            new RegExp(`unknown option '${flag}' \\(it belongs to contain\\); see`),
          ]),
      ),
      [['release', 'i-1', '--reason', 'x', '--plan', 'ab'], /'--plan' \(it belongs to approve and reject\); see/],
      [['halt', '--reason', 'x', '--quiet'], /'--quiet' \(nothing asks back here, so leave it out\); see/],
      [
        ['release', 'i-1', '--reason', 'x', '--dry-run'],
        /\(to see first what it is about, use firebreak incidents INC/,
      ],
      [['halt'], /: --reason <text> is missing; see `firebreak halt --help`/],
      [
        ['dead-letters', 'shwo', 'x'],
        /: command 'shwo' is not one of show, replay; see `firebreak dead-letters --help`/,
      ],
      [['policy', 'chekc'], /unknown command 'chekc' \(did you mean check\?\); see `firebreak policy --help`/],
    ];
    for (const [argv, sentence] of said) {
      const { code, err } = await run(argv);
      assert.equal(code, 2, argv.join(' '));
      assert.match(err, sentence);
    }
    assert.match((await run(['help', 'policy', 'check'])).out, /^Usage: firebreak policy check/);
    assert.equal((await run(['-v'])).out, (await run(['--version'])).out);
  });

  it('exits 1 with the message of what a command threw', async () => {
    const fails: Commands = {
      fails: async () => (program) =>
        void program.command('fails').action(() => {
          throw new Malformed('the file a.json is empty: give one with findings.');
        }),
    };
    const { code, err } = await run(['fails'], fails);
    assert.deepEqual([code, err], [1, 'firebreak: the file a.json is empty: give one with findings.\n']);
  });

  it('shows its version', async () => {
    assert.match((await run(['--version'])).out, /^\d+\.\d+\.\d+\n$/);
  });
});
