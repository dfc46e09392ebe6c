import { strict as assert } from 'node:assert';
import type { Command } from 'commander';
import { deadLettersCommand } from '../../cli/commands/dead-letters.ts';
import type { Io } from '../../cli/io.ts';
import { main } from '../../cli/main.ts';
import type { DeadLetter } from '../../shared/model/records.ts';
import { captured, fakeDeployment } from './kit.ts';

const letter = (more: Partial<DeadLetter> = {}): DeadLetter => ({
  v: 1,
  rev: 0,
  writer: '',
  id: 'd-1',
  topic: 'findings',
  at: '2026-11-03T03:13:04.000Z',
  publishedAt: '2026-11-03T02:00:00.000Z',
  deliveries: 10,
  attributes: { origin: 'sensor', CloudPubSubDeadLetterSourceSubscription: 'firebreak-decide-findings' },
  body: { id: 'f-1' },
  ...more,
});

const deployment = async (...letters: DeadLetter[]) => {
  const to = fakeDeployment();
  for (const one of letters) await to.stores.dead.put(one.id, one, null);
  return to;
};

const run = async (argv: string[], to: ReturnType<typeof fakeDeployment>) => {
  const { io, said } = captured();
  const commands = {
    'dead-letters': async () => (program: Command, own: Io) => deadLettersCommand(program, own, to.connect),
  };
  const code = await main(['dead-letters', ...argv], io, commands);
  return { code, ...(await said()) };
};

describe('firebreak dead-letters', () => {
  it('tells in the help of its parts that they take a project, too', async () => {
    for (const part of ['show', 'replay']) {
      const { out } = await run([part, '--help'], await deployment());
      assert.match(out, /--project <id>/);
    }
  });

  it('lists the dead letters, newest first, with the error that each one recorded', async () => {
    const newer = letter({ id: 'd-2', topic: 'requests', at: '2026-11-03T03:14:00.000Z', error: 'no answer\u001b[2J' });
    const { code, out } = await run([], await deployment(letter(), newer));
    assert.equal(code, 0);
    const [, ...rows] = out.trimEnd().split('\n');
    assert.deepEqual(
      rows.map((row) => row.split(/ {2,}/).slice(0, 3)),
      [
        ['d-2', 'requests', '10'],
        ['d-1', 'findings', '10'],
      ],
    );
    assert.match(out, /no answer/);
    assert.ok(!out.includes('\u001b'));
  });

  it('shows a known topic by its plain name and any other as a quoted string', async () => {
    const topics = ['findings', 'unknown', '', 'findings  10  never', 'x\u202ey"z'];
    const at = (n: number): string => `2026-11-03T03:13:0${9 - n}.000Z`;
    const { out } = await run(
      [],
      await deployment(...topics.map((topic, n) => letter({ id: `d-${n}`, topic, at: at(n) }))),
    );
    const [, ...rows] = out.trimEnd().split('\n');
    assert.deepEqual(
      rows.map((row) => /^d-\d +(".*"|\S+) +10 /.exec(row)?.[1]),
      ['findings', 'unknown', 'unknown', '"findings  10  never"', `"x y'z"`],
    );
  });

  it('reports that there are none, and prints JSON with --json', async () => {
    assert.equal((await run([], await deployment())).out, 'no dead letters\n');
    assert.equal(JSON.parse((await run(['--json'], await deployment(letter()))).out).deadLetters[0].id, 'd-1');
  });

  it('shows one with its body, and exits 1 with a sentence if there is no such dead letter', async () => {
    const to = await deployment(letter());
    assert.deepEqual(JSON.parse((await run(['show', 'd-1'], to)).out).body, { id: 'f-1' });
    const { code, err } = await run(['show', 'd-9'], to);
    assert.deepEqual([code, err], [1, 'firebreak: there is no dead letter d-9: see `firebreak dead-letters`.\n']);
    assert.equal(to.closed(), 2);
  });

  it('publishes one again on its topic, marked as a replay', async () => {
    const to = await deployment(letter());
    const { code, out } = await run(['replay', 'd-1'], to);
    assert.deepEqual([code, out], [0, 'd-1 sent again on findings as message 1\n']);
    const attributes = { origin: 'sensor', 'firebreak-replay': 'd-1' };
    assert.deepEqual(to.published, [{ topic: 'findings', body: { id: 'f-1' }, attributes }]);
  });

  it('prints JSON wherever --json stands on the command line', async () => {
    for (const argv of [
      ['replay', 'd-1', '--json'],
      ['--json', 'replay', 'd-1'],
    ]) {
      const { out } = await run(argv, await deployment(letter()));
      assert.deepEqual(JSON.parse(out), { topic: 'findings', message: '1' });
    }
  });

  it('publishes nothing for a topic that is never replayed', async () => {
    const to = await deployment(letter({ topic: 'tick' }));
    const { code, err } = await run(['replay', 'd-1'], to);
    assert.equal(code, 1);
    assert.match(err, /dead letter d-1 is of tick, which is not sent again/);
    assert.deepEqual(to.published, []);
  });
});
