import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startFunction } from '../../../local/processes.ts';
import type { BuiltFiles } from '../../../scripts/build/bundle.ts';
import { install } from '../../../scripts/build/unpack.ts';
import { builtFiles } from '../../kit/built-files.ts';
import { PRODUCTION_SETTINGS } from '../../kit/production-settings.ts';

/** Prints whether V8 refused the code cache of main.js: `undefined` if none was offered to it. */
const ASK = `
import { join } from 'node:path';
const [folder] = process.argv.slice(1);
const { load, loaded } = await import(join(folder, 'load.mjs'));
await load(join(folder, 'main.js')).started;
console.log('refused: ' + loaded.get(join(folder, 'main.js')).script.cachedDataRejected);
process.exit(0);`;

describe('startFiles', function () {
  this.timeout(300_000);
  let folder: string;
  let source: string;
  let files: BuiltFiles;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-start-'));
    source = join(folder, 'notify');
    files = await builtFiles('notify');
  });
  beforeEach(() => install(new Map([['notify', files]]), folder));
  after(() => rm(folder, { recursive: true }));

  const kept = async (): Promise<string[]> =>
    (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.v8'));

  /** Whether V8 refused the code cache of main.js. Also checks that the function answers under the framework. */
  const refused = async (): Promise<string> => {
    const env = { ...process.env, ...PRODUCTION_SETTINGS };
    const args = ['--input-type=module', '--eval', ASK, '--', source];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const one = await startFunction({ name: 'notify', source, env: PRODUCTION_SETTINGS, logFile: join(folder, 'log') });
    try {
      const response = await fetch(new URL('/projects/p1/topics/firebreak-of-nobody', one.address), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ subscription: 's', message: { messageId: '1', data: 'e30=' } }),
      });
      assert.equal(response.status, 204);
    } finally {
      await one.stop();
    }
    return /refused: (\w+)/.exec(stdout)?.[1] ?? stdout;
  };

  it("use the code cache that the service's build made of each script", async () => {
    const names = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.js'));
    assert.deepEqual((await kept()).sort(), names.map((name) => `${name}.v8`).sort());
    assert.equal(await refused(), 'false');
  });

  it('fail no build, whatever a library throws while the cache is made', async () => {
    const code = "exports.started = new Promise(() => setTimeout(() => { throw new Error('of a library'); }));";
    await writeFile(join(source, 'main.js'), code);
    await rm(join(source, 'main.js.v8'));
    const { stdout } = await promisify(execFile)(process.execPath, ['compile.mjs'], { cwd: source });
    assert.match(stdout, /no code of V8 is kept.*of a library/);
  });

  it('work without a cache, and create none', async () => {
    for (const name of await kept()) await rm(join(source, name));
    assert.equal(await refused(), 'undefined');
    assert.deepEqual(await kept(), []);
  });

  it('ignore the cache of another text, even of the same length', async () => {
    const main = join(source, 'main.js');
    const text = await readFile(main, 'utf8');
    const another = text.replace(/\n$/, ' ');
    assert.notEqual(another, text);
    await writeFile(main, another);
    assert.equal(await refused(), 'undefined');
  });

  it('ignore a cache that V8 cannot use', async () => {
    const file = join(source, 'main.js.v8');
    const bytes = await readFile(file);
    await writeFile(file, Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(bytes.length, 1)]));
    assert.equal(await refused(), 'true');
    await writeFile(file, '');
    assert.equal(await refused(), 'undefined');
    await appendFile(file, 'of no text');
    assert.equal(await refused(), 'undefined');
  });
});
