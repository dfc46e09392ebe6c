import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLocalFile } from '../../cli/local-file.ts';
import { announce, claimFolder, setAside } from '../../local/announce.ts';

describe('local.json', () => {
  let home: string;
  let dir: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'firebreak announce '));
    dir = join(home, '.firebreak');
  });
  afterEach(() => rm(home, { recursive: true }));

  const announcement = {
    project: 'p1',
    bus: 'http://127.0.0.1:8085',
    store: '/data/incidents.db',
    evidence: '/data/evidence',
    functions: { decide: 'http://127.0.0.1:8080' },
    policy: '/data/policy.yaml',
    rules: '/data/rules.yaml',
    pid: process.pid,
    startedAt: '2026-03-01T00:00:00.000Z',
  };

  it('is found by the other commands while the stack runs, and is removed afterwards', async () => {
    (await claimFolder(dir))();
    const takeBack = await announce(dir, announcement);
    assert.deepEqual(findLocalFile(home), { ...announcement, path: join(dir, 'local.json') });
    await takeBack();
    assert.deepEqual(
      (await readdir(dir)).filter((name) => name.startsWith('local.json')),
      [],
    );
  });

  it('keeps a second stack out from the start of the first, and lets it in afterwards', async () => {
    const giveBack = await claimFolder(dir);
    await assert.rejects(claimFolder(dir), /^Error: A stack runs in .*[.]firebreak already: stop it first/);
    await announce(dir, announcement);
    await assert.rejects(claimFolder(dir), new RegExp(`already \\(process ${process.pid}\\)`));
    giveBack();
    (await claimFolder(dir))();
  });

  it('lets a stack start if it was left by a crash, also under a number that another process has now', async () => {
    await claimFolder(dir).then((giveBack) => giveBack());
    await announce(dir, announcement);
    (await claimFolder(dir))();
    await writeFile(join(dir, 'local.json'), '{');
    (await claimFolder(dir))();
    assert.equal(await readFile(join(dir, 'local.json'), 'utf8'), '{');
  });

  it('says what to do where there can be no such folder', async () => {
    await writeFile(dir, '');
    await assert.rejects(
      claimFolder(dir),
      /^Error: .*[.]firebreak cannot be used as a folder \(EEXIST\): start the stack in one that you may write to[.]$/,
    );
    await rm(dir);
    await mkdir(join(dir, 'lock.db'), { recursive: true });
    await assert.rejects(claimFolder(dir), /cannot be used as a folder \(unable to open database file\)/);
  });

  it('gives a new run an empty store, and keeps that of the last run once', async () => {
    (await claimFolder(dir))();
    for (const run of ['first', 'second', 'third']) {
      await setAside(dir, /^x\.db$/);
      assert.equal((await readdir(dir)).includes('x.db'), false);
      await writeFile(join(dir, 'x.db'), run);
      await writeFile(join(dir, 'other'), run);
    }
    assert.equal(await readFile(join(dir, 'previous', 'x.db'), 'utf8'), 'second');
    assert.deepEqual(await readdir(join(dir, 'previous')), ['x.db']);
  });
});
