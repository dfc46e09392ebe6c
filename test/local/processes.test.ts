import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type FunctionProcess, startFunction } from '../../local/processes.ts';

const ECHO = fileURLToPath(new URL('../fixtures/functions/echo.ts', import.meta.url));

const alive = (pid: number): boolean => {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
};

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(20);
};

describe('function processes', () => {
  let dir: string;
  let running: FunctionProcess[] = [];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'firebreak processes '));
  });
  afterEach(async () => {
    for (const one of running) await one.stop();
    running = [];
    await rm(dir, { recursive: true });
  });

  const start = async (change: Partial<Parameters<typeof startFunction>[0]> = {}): Promise<FunctionProcess> => {
    const logFile = join(dir, 'logs', 'echo.log');
    const env = { ECHO_FILE: join(dir, 'echo.ndjson') };
    const one = await startFunction({ name: 'echo', source: ECHO, env, logFile, ...change });
    running.push(one);
    return one;
  };

  const push = (address: string, message: Record<string, unknown>): Promise<Response> =>
    fetch(new URL('/projects/p1/topics/firebreak-findings', address), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ subscription: 'projects/p1/subscriptions/s', message }),
    });
  const message = { messageId: '1', data: Buffer.from('{"n":1}').toString('base64') };

  it('stop at once, and say why, when their start is ended', async () => {
    const ended = new AbortController();
    const starting = start({ signal: ended.signal });
    ended.abort(new Error('interrupted.'));
    await assert.rejects(starting, { message: 'interrupted.' });
    await assert.rejects(start({ signal: ended.signal }), { message: 'interrupted.' });
    assert.doesNotMatch(await readFile(join(dir, 'logs', 'echo.log'), 'utf8'), /listen/i);
  });

  it('go on when the signal that could have ended their start comes later', async () => {
    const late = new AbortController();
    const one = await start({ signal: late.signal });
    late.abort();
    assert.equal((await push(one.address, message)).status, 204);
    assert.equal(one.restarts(), 0);
  });

  it('listen on a free port, answer, and leave their log in a file', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    assert.notEqual(one.address, two.address);
    assert.equal((await push(one.address, message)).status, 204);
    assert.match(await readFile(join(dir, 'echo.ndjson'), 'utf8'), /"id":"1","topic":"findings","data":{"n":1}/);
    assert.match(await readFile(join(dir, 'logs', 'echo.log'), 'utf8'), /"arrow":"envelope -> acknowledged"/);
  });

  it('are started again on the same port when they die', async () => {
    const one = await start();
    const pid = one.pid();
    await one.kill('SIGKILL');
    await until(() => one.restarts() === 1);
    await one.up();
    assert.notEqual(one.pid(), pid);
    assert.equal((await push(one.address, message)).status, 204);
  });

  it('are started again when they exit in the middle of a delivery', async () => {
    const one = await start();
    await assert.rejects(push(one.address, { ...message, attributes: { die: 'yes' } }));
    await until(() => one.restarts() === 1);
    await one.up();
    assert.equal((await push(one.address, message)).status, 204);
  });

  it('are gone after stop, and their port is closed', async () => {
    const one = await start();
    const pid = one.pid();
    await one.stop();
    assert.equal(alive(pid), false);
    await assert.rejects(fetch(one.address));
    assert.equal(one.restarts(), 0);
  });

  it('report the end of their log if they do not start', async () => {
    await assert.rejects(start({ name: 'no-such-target' }), /no-such-target ended before it listened.*is not defined/s);
  });

  it('do not outlive the process that started them, even when that is killed', async () => {
    const module = new URL('../../local/processes.ts', import.meta.url).href;
    const script = `
      import { startFunction } from ${JSON.stringify(module)};
      const spec = { name: 'echo', source: ${JSON.stringify(ECHO)}, env: {}, logFile: ${JSON.stringify(join(dir, 'x.log'))} };
      process.stdout.write(String((await startFunction(spec)).pid()));
      setInterval(() => {}, 1000);
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = await once(parent.stdout, 'data');
    const pid = Number(String(chunk));
    assert.equal(alive(pid), true);
    parent.kill('SIGKILL');
    await until(() => !alive(pid));
  });

  it('start from a path with a space', async () => {
    const copy = join(dir, 'a checkout');
    const root = fileURLToPath(new URL('../..', import.meta.url));
    await mkdir(copy);
    for (const part of ['local', 'shared', 'test/fixtures', 'package.json']) {
      await cp(join(root, part), join(copy, part), { recursive: true });
    }
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    const copied: typeof import('../../local/processes.ts') = await import(join(copy, 'local', 'processes.ts'));
    const source = join(copy, 'test/fixtures/functions/echo.ts');
    const one = await copied.startFunction({ name: 'echo', source, env: {}, logFile: join(dir, 'spaced.log') });
    running.push(one);
    assert.equal((await push(one.address, message)).status, 204);
    assert.equal(existsSync(join(dir, 'spaced.log')), true);
  });
});
