import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../../scripts/apiserver/lock.ts';

describe('withLock', () => {
  let folder: string;
  let lock: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak lock '));
    lock = join(folder, 'lock');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets one caller work at a time, and tells who holds the lock', async () => {
    const waited: unknown[] = [];
    const order: string[] = [];
    let finish = (): void => {};
    const first = withLock(
      lock,
      (pid) => waited.push(pid),
      async () => {
        order.push('first begins');
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        order.push('first ends');
      },
    );
    const second = withLock(
      lock,
      (pid) => waited.push(pid),
      async () => void order.push('second'),
    );
    assert.deepEqual(waited, [process.pid]);
    finish();
    await Promise.all([first, second]);
    assert.deepEqual(order, ['first begins', 'first ends', 'second']);
    assert.equal(existsSync(lock), false);
  });
  it('takes over from a process that has died', async () => {
    await writeFile(lock, String(spawnSync(process.execPath, ['-e', '']).pid));
    assert.equal(
      await withLock(
        lock,
        () => assert.fail(),
        async () => 'worked',
      ),
      'worked',
    );
  });
  it('is released if the work fails', async () => {
    await assert.rejects(
      withLock(
        lock,
        () => assert.fail(),
        async () => {
          throw new Error('no');
        },
      ),
      /no/,
    );
    assert.equal(existsSync(lock), false);
  });
});
