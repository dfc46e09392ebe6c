import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { localCommand } from '../../cli/commands/local.ts';
import { main } from '../../cli/main.ts';
import { makeShop } from '../../local/cloud.ts';
import { makeMemoryStore } from '../../shared/adapters/store-memory.ts';
import { request } from '../../shared/model/request.ts';
import { openStores } from '../../shared/store/incidents.ts';
import { captured, NOW } from './kit.ts';

const run = async (
  argv: string[],
  untilInterrupted: () => Promise<void> = async () => {},
  cwd = '/work dir',
  env = {},
) => {
  const { io, said } = captured({ cwd, env });
  const asked: unknown[] = [];
  const clock = { now: () => NOW, random: () => '0' };
  let stopped = 0;
  const program = new Command('firebreak').exitOverride();
  localCommand(
    program,
    io,
    async ({ signal, ...options }) => {
      assert.equal(signal.aborted, false);
      asked.push(options);
      return {
        project: 'p1',
        dir: options.dir,
        world: makeShop(),
        stores: openStores({ raw: makeMemoryStore(clock), clock }),
        addresses: {
          bus: 'http://127.0.0.1:8085',
          functions: { decide: 'http://127.0.0.1:8086', console: 'http://127.0.0.1:8087' },
        },
        publish: async () => '1',
        idle: async () => {},
        kill: async () => {},
        up: async () => {},
        pid: () => 0,
        restarts: () => 0,
        stop: async () => {
          stopped += 1;
        },
      };
    },
    untilInterrupted,
  );
  const failure = await program.parseAsync(['local', ...argv], { from: 'user' }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { ...(await said()), asked, stopped, failure };
};

describe('firebreak local', () => {
  it('starts a stack in .firebreak, prints where everything is, and stops it when interrupted', async () => {
    const { out, asked, stopped } = await run([]);
    assert.deepEqual(asked, [{ dir: '/work dir/.firebreak', pubsub: 'embedded' }]);
    assert.match(out, /bus +http:\/\/127\.0\.0\.1:8085/);
    assert.match(out, /decide +http:\/\/127\.0\.0\.1:8086/);
    assert.match(out, /console +http:\/\/127\.0\.0\.1:8087 \(open it in a browser\)/);
    assert.match(out, /logs +\.firebreak\/logs\/\*\.log/);
    assert.equal(stopped, 1);
  });

  it('prints a request that can be published unchanged', async () => {
    const { out } = await run([]);
    const [, message] = /--message '(.*)'/.exec(out) ?? [];
    const read = request.parse(JSON.parse(message ?? 'null'));
    assert.equal(read.action, 'contain');
    assert.match(out, new RegExp(`firebreak contain pod/${read.target?.pod} `));
  });

  it('passes on the policy and the rules that the variables name, and before them those of the flags', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'firebreak local '));
    try {
      for (const name of ['p', 'r', 'p2', 'r2']) await writeFile(join(cwd, name), '');
      const dir = join(cwd, '.firebreak');
      const env = { FIREBREAK_POLICY: 'p', FIREBREAK_RULES: 'r' };
      const { asked } = await run([], undefined, cwd, env);
      assert.deepEqual(asked, [{ dir, pubsub: 'embedded', policy: join(cwd, 'p'), rules: join(cwd, 'r') }]);
      const flags = await run(['--policy', 'p2', '--rules', 'r2'], undefined, cwd, env);
      assert.deepEqual(flags.asked, [{ dir, pubsub: 'embedded', policy: join(cwd, 'p2'), rules: join(cwd, 'r2') }]);
    } finally {
      await rm(cwd, { recursive: true });
    }
  });

  it('passes on the bus and the policy', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'firebreak local '));
    try {
      await writeFile(join(cwd, 'mine.yaml'), 'mode: act\n');
      const { asked } = await run(['--pubsub', 'emulator', '--policy', 'mine.yaml'], undefined, cwd);
      assert.deepEqual(asked, [{ dir: join(cwd, '.firebreak'), pubsub: 'emulator', policy: join(cwd, 'mine.yaml') }]);
    } finally {
      await rm(cwd, { recursive: true });
    }
  });

  it('refuses missing or invalid files in one sentence, and neither starts nor sets aside anything', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'firebreak local '));
    try {
      await writeFile(join(cwd, 'mine.yaml'), 'mode: act\nmodes: { x: act }\n');
      await mkdir(join(cwd, '.firebreak'));
      await writeFile(join(cwd, '.firebreak', 'incidents.db'), 'of the last run');
      for (const [flag, name, because] of [
        [
          '--policy',
          'nowhere.yaml',
          /^firebreak: nowhere\.yaml cannot be read \(ENOENT\): name a file that is there\.\n$/,
        ],
        ['--policy', 'mine.yaml', /^firebreak: mine\.yaml: policy, line 2: modes: .*\n$/],
        [
          '--rules',
          'nowhere.yaml',
          /^firebreak: nowhere\.yaml cannot be read \(ENOENT\): name a file that is there\.\n$/,
        ],
        ['--rules', 'mine.yaml', /^firebreak: mine\.yaml: rules, line 1: .*\n$/],
      ] as const) {
        const { io, said } = captured({ cwd });
        assert.equal(await main(['local', flag, name], io), 1);
        const { out, err } = await said();
        assert.equal(out, '');
        assert.match(err, because);
      }
      assert.deepEqual(await readdir(join(cwd, '.firebreak')), ['incidents.db']);
    } finally {
      await rm(cwd, { recursive: true });
    }
  });

  it('stops the stack if something goes wrong', async () => {
    const { stopped, failure } = await run([], async () => {
      throw new Error('the terminal is gone');
    });
    assert.equal(stopped, 1);
    assert.ok(failure instanceof Error);
  });
});
