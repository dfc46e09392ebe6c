import { strict as assert } from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeFolderEvidence } from '../../../shared/adapters/evidence-folder.ts';
import { Malformed, Transient } from '../../../shared/errors.ts';
import { evidenceContract } from '../../contracts/evidence.ts';

const WRITER = fileURLToPath(new URL('evidence-folder-writer.ts', import.meta.url));
const newRoot = (): Promise<string> => mkdtemp(join(tmpdir(), 'firebreak-evidence-'));
const text = (body: Uint8Array | undefined): string => Buffer.from(body ?? []).toString();

describe('evidence-folder', () => {
  for (const synchronous of ['full', 'normal'] as const)
    evidenceContract(`folder, ${synchronous}`, async () => {
      const root = await newRoot();
      const open = () => makeFolderEvidence({ root: join(root, 'evidence'), synchronous });
      return { evidence: open(), another: open, close: () => rm(root, { recursive: true }) };
    });

  describe('on disk', () => {
    let root: string;
    beforeEach(async () => {
      root = await newRoot();
    });
    afterEach(() => rm(root, { recursive: true }));

    it('writes a file under its key that only its owner may read, and leaves nothing unfinished', async () => {
      await makeFolderEvidence({ root }).put('inc-1/a#objects/pod.json', Buffer.from('{}'));
      const path = join(root, 'inc-1', 'a#objects', 'pod.json');
      assert.equal(await readFile(path, 'utf8'), '{}');
      assert.equal((await stat(path)).mode & 0o777, 0o400);
      assert.equal((await stat(join(root, 'inc-1'))).mode & 0o777, 0o700);
      assert.deepEqual(await readdir(join(root, '~unfinished')), []);
    });

    it('refuses a key below an existing key, and a key that is the folder of another', async () => {
      const evidence = makeFolderEvidence({ root });
      await evidence.put('a/b', Buffer.from('x'));
      await assert.rejects(evidence.put('a/b/c', Buffer.from('y')), Malformed);
      await assert.rejects(evidence.put('a', Buffer.from('y')), Malformed);
      assert.equal(await evidence.get('a/b/c'), undefined);
      assert.equal(text(await evidence.get('a/b')), 'x');
      assert.deepEqual(await evidence.list('a/b/'), []);
    });

    it('says of a folder that cannot be read or written what is wrong with it, and goes on once that is mended', async () => {
      await symlink('loop', join(root, 'loop'));
      const evidence = makeFolderEvidence({ root: join(root, 'loop') });
      const said =
        /^Transient: The evidence a\/b could not be kept or read \(ELOOP\): check the disk, then try again\.$/;
      await assert.rejects(evidence.put('a/b', Buffer.from('x')), said);
      await assert.rejects(evidence.get('a/b'), said);
      await unlink(join(root, 'loop'));
      assert.equal((await evidence.put('a/b', Buffer.from('x'))).existed, false);
    });

    it('neither lists nor gives what a crash left unfinished, and removes it after an hour', async () => {
      const unfinished = join(root, '~unfinished');
      await mkdir(unfinished);
      await writeFile(join(unfinished, 'old'), 'half a bo');
      await writeFile(join(unfinished, 'busy'), 'half a bo');
      const hoursAgo = new Date((await stat(join(unfinished, 'old'))).mtimeMs - 2 * 3_600_000);
      await utimes(join(unfinished, 'old'), hoursAgo, hoursAgo);
      const evidence = makeFolderEvidence({ root });
      assert.deepEqual(await evidence.list(''), []);
      await assert.rejects(evidence.list('~unfinished/'), Malformed);
      await assert.rejects(evidence.get('~unfinished/busy'), Malformed);
      await evidence.put('a', Buffer.from('x'));
      assert.deepEqual(await readdir(unfinished), ['busy']);
      assert.deepEqual(await evidence.list(''), ['a']);
    });

    it('makes a folder again that somebody removed', async () => {
      const evidence = makeFolderEvidence({ root });
      await evidence.put('a/b', Buffer.from('x'));
      await rm(join(root, 'a'), { recursive: true });
      await assert.rejects(evidence.put('a/c', Buffer.from('y')), Transient);
      await evidence.put('a/c', Buffer.from('y'));
      assert.deepEqual(await evidence.list(''), ['a/c']);
    });

    it('holds the whole body or nothing if its writer is killed', async () => {
      let child: ChildProcess | undefined;
      try {
        child = spawn(process.execPath, [WRITER, root], { stdio: ['ignore', 'pipe', 'inherit'] });
        assert.ok(child.stdout !== null);
        await once(child.stdout, 'data');
      } finally {
        child?.kill('SIGKILL');
      }
      await once(child, 'close');
      const evidence = makeFolderEvidence({ root });
      const keys = await evidence.list('');
      assert.ok(keys.length > 0);
      for (const key of keys) assert.equal((await evidence.get(key))?.length, 1_000_000, key);
      const next = `k${keys.length}`;
      assert.equal((await evidence.put(next, Buffer.alloc(1_000_000))).existed, keys.includes(next));
    });
  });
});
