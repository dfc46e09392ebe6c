import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFunction } from '../../../local/processes.ts';
import { functionFiles } from '../../../scripts/build/function-files.ts';
import { install } from '../../../scripts/build/unpack.ts';
import { PRODUCTION_SETTINGS } from '../../kit/production-settings.ts';

describe('startFiles', function () {
  this.timeout(300_000);
  let folder: string;
  let source: string;
  let kept: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-start-'));
    source = join(folder, 'notify');
    kept = join(source, 'compiled');
  });
  beforeEach(async () => install(new Map([['notify', await functionFiles('notify')]]), folder));
  after(() => rm(folder, { recursive: true }));

  /** Starts the function, has it answer, and gives what Node.js says about the code of main.js. */
  const started = async (): Promise<string> => {
    const logFile = join(folder, 'notify.log');
    const env = { ...PRODUCTION_SETTINGS, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    const one = await startFunction({ name: 'notify', source, env, logFile });
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
    const lines = (await readFile(logFile, 'utf8')).split('\n');
    return lines.filter((line) => line.includes('/main.js')).join('\n');
  };
  const ACCEPTED = /V8 code cache for ESM .*\/main\.js was accepted/;

  it('start with the code that the build of the service kept', async () => {
    assert.match(await started(), ACCEPTED);
  });

  it('find it where another user, or another processor, has kept it', async () => {
    const [name = ''] = await readdir(kept);
    await rename(join(kept, name), join(kept, `${name}-of-another`));
    assert.match(await started(), ACCEPTED);
    assert.match(await started(), ACCEPTED);
  });

  it('do without where none was kept, and keep none themselves', async () => {
    await rm(kept, { recursive: true });
    assert.equal(await started(), '');
    assert.ok(!(await readdir(source)).includes('compiled'));
  });

  it('do without what is of other code, and what is none', async () => {
    const main = join(source, 'main.js');
    await writeFile(main, `${await readFile(main, 'utf8')}\nglobalThis.another = 1;\n`);
    const changed = await started();
    assert.doesNotMatch(changed, ACCEPTED);
    assert.match(changed, /main\.js/);
    const [name = ''] = await readdir(kept);
    for (const file of await readdir(join(kept, name))) await writeFile(join(kept, name, file), 'none');
    assert.doesNotMatch(await started(), ACCEPTED);
  });
});
