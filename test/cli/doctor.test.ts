import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doctorCommand } from '../../cli/commands/doctor.ts';
import type { LocalFile } from '../../cli/local-file.ts';
import { main } from '../../cli/main.ts';
import type { OpenDoctor } from '../../cli/open-doctor.ts';
import { commandsAbout } from '../../shared/doctor/next.ts';
import type { LocalReader } from '../../shared/doctor/readers.ts';
import { FUNCTIONS } from '../../shared/model/ids.ts';
import { memoryStores } from '../shared/doctor/kit.ts';
import { captured, NOW } from './kit.ts';

const functions = Object.fromEntries(FUNCTIONS.map((name, at) => [name, `http://127.0.0.1:${8081 + at}`]));
const stack: LocalReader = {
  project: 'p1',
  pid: 4711,
  isRunning: true,
  startedAt: '2026-11-03T03:00:00.000Z',
  bus: 'http://127.0.0.1:8085',
  functions,
  answers: async () => true,
  evidence: async () => ({ path: '/data/evidence', writable: true }),
};

const LOCAL_FILE: LocalFile = { path: 'local.json', project: 'p1', bus: stack.bus, store: 'store', functions };

/** Opens a local stack, by default one whose functions have read the expected files, except for `changes`. */
const opens =
  (
    changes: Partial<LocalReader> = {},
    started: Array<{ function: string; policy?: string; rules?: string }> = [],
    files?: Pick<LocalFile, 'policy' | 'rules'>,
  ): OpenDoctor =>
  async (io, _project, expectedOf) => {
    const local = files === undefined ? undefined : { ...LOCAL_FILE, ...files };
    const expected = expectedOf(local);
    const [policy, rules] = await Promise.allSettled([expected.policy(), expected.rules()]);
    const stores = memoryStores();
    return {
      now: () => io.now(),
      expected,
      stores,
      local: { ...stack, ...changes },
      started: async () => [
        ...FUNCTIONS.map((name) => ({
          function: name,
          at: '2026-11-03T03:00:00.000Z',
          policy: policy.status === 'fulfilled' ? policy.value.hashes[policy.value.mode] : '0',
          rules: rules.status === 'fulfilled' ? rules.value.hash : '0',
        })).filter((one) => !started.some((other) => other.function === one.function)),
        ...started.map((one) => ({ at: '2026-11-03T03:00:00.000Z', ...one })),
      ],
      runsSince: undefined,
      lastTick: async () => '2026-11-03T03:14:03.000Z',
      logsOf: (name) => `tail .firebreak/logs/${name}.log`,
      ours: commandsAbout(undefined),
      close: async () => {},
    };
  };

/** The stack, its bus, and each function. */
const all = FUNCTIONS.length + 2;

const run = async (argv: string[], open: OpenDoctor, parts = {}) => {
  const { io, said } = captured({ now: () => NOW, ...parts });
  const code = await main(['doctor', ...argv], io, {
    doctor: async () => (program) => doctorCommand(program, io, open),
  });
  return { code, ...(await said()) };
};

describe('firebreak doctor', () => {
  it('exits 0 if nothing fails, with one line per check', async () => {
    const { code, out, err } = await run([], opens());
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, new RegExp(`^✔ local-stack {8}${all} of ${all} ok$`, 'm'));
    assert.match(out, /^✔ halt {15}no halt is in force$/m);
    assert.match(out, /^8 checks: 8 ok, 0 with a warning, 0 failed$/m);
  });

  it('breaks a long line at words on a narrow terminal, and cuts nothing off', async () => {
    const { out } = await run([], opens(), { columns: 60 });
    assert.match(out, /^✔ heartbeat {10}operate: handled a tick at\n {21}2026-11-03T03:14:03\.000Z$/m);
  });

  it('shows the passing verdicts too with --all', async () => {
    const { out } = await run(['--all'], opens());
    assert.match(out, /^ {2}✔ decide: answers at http:\/\/127\.0\.0\.1:\d+$/m);
  });

  it('exits 1 if a part does not answer, and names the command to run', async () => {
    const { code, out } = await run([], opens({ answers: async (url) => url !== functions.decide }));
    assert.equal(code, 1);
    assert.match(out, new RegExp(`^✘ local-stack {8}${all - 1} of ${all} ok$`, 'm'));
    assert.match(
      out,
      /^ {2}✘ decide: does not answer at http:\/\/127\.0\.0\.1:\d+: stop the stack and start it again$/m,
    );
    assert.match(out, /^ {4}→ firebreak local$/m);
  });

  it('reports a stack that has ended, a folder that cannot be written to, and a different policy', async () => {
    const changes = { isRunning: false, evidence: async () => ({ path: '/data/evi dence', writable: false }) };
    const { code, out } = await run(['--json'], opens(changes, [{ function: 'decide', policy: 'ffff' }]));
    assert.equal(code, 1);
    const { local, verdicts } = JSON.parse(out);
    assert.equal(local, 'p1');
    const bad = verdicts.filter(({ status }: { status: string }) => status !== 'ok');
    assert.deepEqual(
      bad.map(({ check, status, subject }: Record<string, string>) => [check, status, subject]),
      [
        ['local-stack', 'fail', 'stack'],
        ['local-evidence', 'fail', '/data/evi dence'],
        ['policy', 'fail', 'decide'],
        ['rules', 'warn', 'decide'],
      ],
    );
    assert.equal(bad[1].next, "ls -ld '/data/evi dence'");
  });

  const files = [
    ['policy', 'no-policy.yaml', 'no-policy.yaml cannot be read (ENOENT): name a file that is there.'],
    ['rules', 'rules.yaml', 'rules.yaml: rules, line 1: top level: there is no field "ruels"'],
  ] as const;
  for (const [what, path, says] of files)
    for (const from of ['a flag', 'the running stack'])
      it(`makes every other check if the file of ${what} that ${from} names cannot be read`, async () => {
        const cwd = await mkdtemp(join(tmpdir(), 'firebreak doctor '));
        await writeFile(join(cwd, 'rules.yaml'), 'ruels: []\n');
        const named = from === 'a flag' ? [`--${what}`, path] : [];
        const open = opens({}, [], from === 'a flag' ? undefined : { [what]: path });
        const { code, out, err } = await run(['--json', ...named], open, { cwd, env: {} });
        await rm(cwd, { recursive: true });
        assert.deepEqual([code, err], [1, '']);
        const { verdicts } = JSON.parse(out);
        const bad = verdicts.filter(({ status }: { status: string }) => status !== 'ok');
        assert.deepEqual(
          bad.map(({ check, status, next }: Record<string, string>) => [check, status, next]),
          [[what, 'fail', 'firebreak doctor']],
        );
        assert.ok(bad[0].says.startsWith(`cannot be read: ${says}`), bad[0].says);
        assert.equal(new Set(verdicts.map(({ check }: { check: string }) => check)).size, 8);
      });

  it('strips control characters from what it reads', async () => {
    const { out } = await run([], opens({}, [{ function: 'decide', policy: '\u001b[2J\u202eevil' }]), {
      colour: false,
    });
    assert.ok(!/[\u001b\u202e]/.test(out));
  });

  it('exits 1 with a sentence if there is nothing to examine', async () => {
    const { code, err } = await run([], async () => {
      throw new Error('no local stack found from here: start `firebreak local`.');
    });
    assert.deepEqual([code, err], [1, 'firebreak: no local stack found from here: start `firebreak local`.\n']);
  });
});
