import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { Usage } from '../../cli/arguments.ts';
import { programOf } from '../../cli/main.ts';
import { targetOf } from '../../cli/target-argument.ts';
import { readRequest } from '../../shared/decision/requests/read.ts';
import { topicName } from '../../shared/deployment.ts';
import { CLUSTER_FUNCTIONS } from '../../shared/kubernetes/rbac-roles.ts';
import { captured } from '../cli/kit.ts';

const root = new URL('../../', import.meta.url);
const PAGES = [
  'README.md',
  ...readdirSync(new URL('docs/', root))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** Names that a reader replaces, each with an example of what to put there. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  INCIDENT: 'i-0123456789ab-1',
  FILE: 'a.json',
  ID: 'x',
  P: 'p1',
  NAME: 'cart',
};

type Line = { page: string; text: string };

/** What a page tells its readers to type: code lines, joined after a backslash, and inline code. */
const linesOf = (page: string): Line[] => {
  const text = readFileSync(new URL(page, root), 'utf8');
  const joined = text.replace(/ \\\n +/g, ' ');
  const code = joined.split('\n').flatMap((line) => (/^ {4}\S/.test(line) ? [line.trim()] : []));
  const inline = [...joined.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span ?? '');
  return [...code, ...inline].map((line) => ({ page, text: line.replace(/^\$ /, '') }));
};

/** The command at the beginning of a line, without a remark beside it or a redirection. */
const commandIn = (text: string, name: RegExp): string | undefined => {
  const [found] = name.exec(text) ?? [];
  if (found === undefined) return undefined;
  return text
    .slice(found.length)
    .split(/ {2,}| \| | > | && | < /)[0]
    ?.trim();
};

/** The words into which a shell splits a line. */
const wordsOf = (line: string): string[] =>
  execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)
    .map((word) => PLACEHOLDERS[word] ?? word.replace(/\/NAME$/, '/cart'));

/** The program with every command, none of which does anything, except that `contain` reads its target. */
const idle = async (): Promise<Command> => {
  const { io } = captured();
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
    if (command.parent !== null) command.action(() => {});
    if (command.name() === 'contain')
      command.action((argument: string, { cluster, location, namespace }: Record<string, string>) => {
        targetOf(argument, {
          project: 'p1',
          ...(cluster === undefined ? {} : { cluster }),
          ...(location === undefined ? {} : { location }),
          ...(namespace === undefined ? {} : { namespace }),
        });
      });
    for (const child of command.commands) quiet(child);
  };
  const program = await programOf(io);
  quiet(program);
  return program;
};

/** Why the program refuses a command line; undefined if it accepts it. */
const refusalOf = async (program: Command, line: string): Promise<string | undefined> => {
  try {
    await program.parseAsync(wordsOf(line), { from: 'user' });
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Usage) return thrown.message;
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? undefined : thrown.message;
  }
};

describe('the commands in the documentation', function () {
  this.timeout(60_000);
  const lines = PAGES.flatMap(linesOf);
  let program: Command;
  before(async () => {
    program = await idle();
  });

  it('of firebreak are accepted by the program', async () => {
    const wrong: string[] = [];
    let count = 0;
    for (const { page, text } of lines) {
      const command = commandIn(text, /^(npx )?firebreak (?=[a-z])/);
      // A line with an ellipsis or brackets is a pattern; a name alone is a mention.
      if (command === undefined || /\.\.\.|^help|\[/.test(command)) continue;
      count += 1;
      const refusal = await refusalOf(program, /^\w+$/.test(command) ? `${command} --help` : command);
      if (refusal !== undefined) wrong.push(`${page}: firebreak ${command}: ${refusal}`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(count > 60, `only ${count} were found`);
  });

  it('bind the id of every function that calls a cluster', () => {
    const [text = ''] = lines.flatMap(({ page, text }) => (page === 'docs/kubernetes-access.md' ? [text] : []));
    const bound = [...text.matchAll(/--user ([a-z-]+)=ID/g)].map(([, name]) => name);
    assert.deepEqual(bound.toSorted(), [...CLUSTER_FUNCTIONS].toSorted());
  });

  it('of gcloud and kubectl are valid shell syntax', () => {
    const wrong = lines.flatMap(({ page, text }) => {
      if (!/^(gcloud|kubectl) (?=[a-z-])/.test(text) || text.includes('...')) return [];
      const { status, stderr } = spawnSync('/bin/sh', ['-n', '-c', text], { encoding: 'utf8' });
      return status === 0 ? [] : [`${page}: ${text}: ${stderr}`];
    });
    assert.deepEqual(wrong, []);
  });

  it('publish requests that operate can read, on its topic', () => {
    const published = lines.filter(({ text }) => text.startsWith('gcloud pubsub topics publish '));
    assert.ok(published.length >= 4);
    for (const { page, text } of published) {
      // A command for the proof of identity stands in the message, and is not typed here.
      const words = wordsOf(text.replace(/\$\([^)]*\)/g, 'TOKEN'));
      assert.equal(words[4], topicName('requests'), page);
      const read = readRequest(JSON.parse(words[words.indexOf('--message') + 1] ?? ''));
      assert.ok('request' in read, `${page}: ${JSON.stringify(read)}`);
    }
  });

  it('would fail this test if they were wrong', async () => {
    for (const line of [
      'contain',
      'contian pod/a',
      'contain pod/a -n shop --tier isolate --reason x',
      'report a --format pdf',
      'incidents --stat open',
      'halt now',
      'dead-letters show',
    ]) {
      assert.notEqual(await refusalOf(program, line), undefined, line);
    }
  });
});
