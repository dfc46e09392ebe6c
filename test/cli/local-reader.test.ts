import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeLocalReader } from '../../cli/local-reader.ts';
import { listening } from '../../local/listening.ts';

const line = (of: Record<string, unknown>): string => JSON.stringify({ severity: 'INFO', message: 'm', ...of });

describe('makeLocalReader', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak local reader '));
    await mkdir(join(folder, 'logs'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const reader = (more: { pid?: number; evidence?: string } = {}) =>
    makeLocalReader({
      project: 'p1',
      bus: 'http://127.0.0.1:1',
      store: join(folder, 'none'),
      path: join(folder, 'local.json'),
      functions: {},
      ...more,
    });

  it('reads from the logs the files that each function read last, and skips every other line', async () => {
    const policy = (at: string, hash: string) =>
      line({ time: at, function: 'decide', arrow: 'file -> policy', fields: { policy: hash } });
    const lines = [
      policy('2026-11-03T03:00:00.000Z', 'old'),
      policy('2026-11-03T03:10:00.000Z', 'new'),
      line({ time: '2026-11-03T03:10:01.000Z', function: 'decide', arrow: 'file -> rules', fields: { rules: 'r' } }),
      '{"arrow":"file -> policy", and then it breaks off',
      line({ function: 'nobody', arrow: 'file -> policy', fields: { policy: 'x' } }),
      'a stack trace',
    ];
    await writeFile(join(folder, 'logs', 'decide.log'), lines.join('\n'));
    assert.deepEqual(await reader().started(), [
      { function: 'decide', at: '2026-11-03T03:10:01.000Z', policy: 'new', rules: 'r' },
    ]);
  });

  it('returns the time of the last tick that was handled, or undefined if there was none', async () => {
    assert.equal(await reader().lastTick(), undefined);
    const handled = (time: string, topic: string) =>
      line({ time, function: 'operate', arrow: 'envelope -> acknowledged', fields: { topic, ms: 1 } });
    const lines = [
      handled('2026-11-03T03:00:00.000Z', 'tick'),
      handled('2026-11-03T03:00:02.000Z', 'tick'),
      handled('2026-11-03T03:00:03.000Z', 'requests'),
      line({ time: '2026-11-03T03:00:04.000Z', function: 'operate', arrow: 'x', fields: { topic: 'tick' } }),
    ];
    await writeFile(join(folder, 'logs', 'operate.log'), lines.join('\n'));
    assert.equal(await reader().lastTick(), '2026-11-03T03:00:02.000Z');
  });

  it('tells whether the process lives, and whether something listens', async () => {
    assert.equal(reader({ pid: process.pid }).isRunning, true);
    assert.equal(reader({ pid: 2 ** 22 + 1 }).isRunning, false);
    assert.equal(reader().isRunning, false);
    const server = createServer();
    const url = `http://127.0.0.1:${await listening(server)}`;
    assert.equal(await reader().answers(url), true);
    server.close();
    await once(server, 'close');
    assert.equal(await reader().answers(url), false);
  });

  it('reports evidence as writable if its folder can be created', async () => {
    const evidence = join(folder, 'evidence');
    assert.deepEqual(await reader({ evidence }).evidence(), { path: evidence, writable: true });
    const nowhere = join(folder, 'none', 'evidence');
    assert.deepEqual(await reader({ evidence: nowhere }).evidence(), { path: nowhere, writable: false });
  });
});
