import { strict as assert } from 'node:assert';
import { doctorCommand } from '../../cli/commands/doctor.ts';
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

/** Opens a local stack whose functions have read the expected files, except for `changes`. */
const opens =
  (changes: Partial<LocalReader> = {}, started: Array<{ function: string; policy?: string }> = []): OpenDoctor =>
  async (io, _project, expectedOf) => {
    const expected = await expectedOf(undefined);
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
          policy: expected.policy.hashes[expected.policy.mode],
          rules: expected.rules.hash,
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
