import { strict as assert } from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../cli/firebreak.mjs', import.meta.url));

/** Kills a process and all that it started; a process that has already ended is fine. */
const endGroup = (leader: number | undefined): void => {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {}
};

describe('cli/firebreak.mjs', () => {
  // An older Node.js as the bin sees it: it checks nothing but the version.
  const old =
    'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.20.2"}})';
  const children: ChildProcess[] = [];
  let root: string;
  let bin: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'firebreak a checkout '));
    await mkdir(join(root, 'cli'));
    bin = join(root, 'cli', 'firebreak.mjs');
    await copyFile(BIN, bin);
  });
  afterEach(async () => {
    for (const { pid } of children.splice(0)) endGroup(pid);
    await rm(root, { recursive: true });
  });

  const start = (file: string, args: string[], node: string[] = ['--import', old]) => {
    const { NODE_COMPILE_CACHE: _, ...env } = process.env;
    const child = spawn(process.execPath, [...node, file, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env,
    });
    children.push(child);
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const ended = once(child, 'exit').then(async ([code]) => {
      const [out, err] = await output;
      return { code, out, err };
    });
    return { child, ended };
  };

  /** Puts a script in place of the locked Node.js, to see how it is called. */
  const lock = async (script: string): Promise<void> => {
    const folder = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'node'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'node'), 0o755);
  };

  it('runs the commands of the checkout it stands in', async () => {
    const { code, out } = await start(BIN, ['--version'], []).ended;
    assert.equal(code, 0);
    assert.match(out, /^\d+\.\d+\.\d+\n$/);
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const child = spawn(process.execPath, [BIN, '--help'], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    children.push(child);
    child.stdout.destroy();
    const err = text(child.stderr);
    const [code] = await once(child, 'exit');
    assert.deepEqual([code, await err], [0, '']);
  });

  describe('writing to a full disk (needs /dev/full)', () => {
    before(function () {
      if (!existsSync('/dev/full')) this.skip();
    });

    const onto = async (stdout: string, stderr: string) => {
      const [out, err] = await Promise.all([open(stdout, 'w'), open(stderr, 'w')]);
      try {
        const child = spawn(process.execPath, [BIN, 'rules'], { stdio: ['ignore', out.fd, err.fd], detached: true });
        children.push(child);
        const [code] = await once(child, 'exit');
        return code;
      } finally {
        await Promise.all([out.close(), err.close()]);
      }
    };

    it('reports in one sentence that the output cannot be written', async () => {
      const told = join(root, 'told');
      assert.equal(await onto('/dev/full', told), 1);
      assert.equal(await readFile(told, 'utf8'), 'firebreak: the output cannot be written (ENOSPC).\n');
    });

    it('exits 1 if not even that can be written', async () => {
      assert.equal(await onto('/dev/full', '/dev/full'), 1);
    });
  });

  it('says in one sentence that the folder it was started in was removed', async () => {
    const gone = join(root, 'gone');
    await mkdir(gone);
    const words = ['-c', 'rmdir "$PWD" && exec "$0" "$1" --version', process.execPath, BIN];
    const child = spawn('sh', words, { cwd: gone, stdio: ['ignore', 'pipe', 'pipe'] });
    const [[code], said] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
    assert.equal(code, 1);
    assert.match(said, /^firebreak: the folder that this was started in does not exist any more[^\n]*\n$/);
  });

  it('starts from a path that holds a space', async () => {
    await writeFile(join(root, 'cli', 'main.ts'), 'export const main = async (argv: string[]) => argv.length;');
    await writeFile(join(root, 'cli', 'io.ts'), 'export const processIo = () => ({});');
    assert.equal((await start(bin, ['a b', 'c'], []).ended).code, 2);
  });

  describe('what Node.js compiles', () => {
    beforeEach(async () => {
      await writeFile(
        join(root, 'cli', 'main.ts'),
        'export const main = async () => { console.log(process.env.NODE_COMPILE_CACHE); return 0; };',
      );
      await writeFile(join(root, 'cli', 'io.ts'), 'export const processIo = () => ({});');
    });

    it('is kept beside the packages, for the processes that it starts as well', async () => {
      const { out } = await start(bin, [], []).ended;
      const folder = join(root, 'node_modules', '.cache', 'firebreak');
      assert.equal(out, `${folder}\n`);
      assert.ok(existsSync(folder));
    });

    it('is not kept where its folder cannot be made', async () => {
      await mkdir(join(root, 'node_modules'));
      await writeFile(join(root, 'node_modules', '.cache'), 'not a folder');
      const { code, err } = await start(bin, [], []).ended;
      assert.deepEqual([code, err], [0, '']);
    });
  });

  it('reports in one sentence that Node.js is too old if there is no locked one', async () => {
    const { code, out, err } = await start(bin, ['--version']).ended;
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /^firebreak: this is Node\.js 20\.20\.2, and 24 or newer is needed: [^\n]+\n$/);
  });

  describe('under an older Node.js (needs Linux)', () => {
    before(function () {
      if (process.platform !== 'linux') this.skip();
    });

    it('runs itself again with the locked Node.js, with its arguments and its exit code', async () => {
      await lock('echo "$@"; exit 3');
      const { code, out } = await start(bin, ['score', 'a b.json']).ended;
      assert.deepEqual([code, out], [3, `${bin} score a b.json\n`]);
    });

    it('passes a signal on and exits with the code of the locked Node.js', async () => {
      await lock('trap "echo stopped; exit 5" TERM; echo ready; while :; do sleep 0.05; done');
      const { child, ended } = start(bin, ['local']);
      await once(child.stdout, 'data');
      child.kill('SIGTERM');
      const { code } = await ended;
      assert.equal(code, 5);
    });
  });
});
