import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { play } from '../../cli/play.ts';
import { startFunction } from '../../local/processes.ts';
import { cryptominer } from '../../local/scenarios/cryptominer.ts';
import { startStack } from '../../local/stack.ts';
import { archive } from '../../scripts/build/archive.ts';
import { functionFiles } from '../../scripts/build/function-files.ts';
import { unpack } from '../../scripts/build/unpack.ts';
import { FUNCTIONS, type FunctionName } from '../../shared/model/ids.ts';
import { TOPICS_OF } from '../../shared/serve.ts';
import { PRODUCTION_SETTINGS } from '../kit/production-settings.ts';
import { describeWith } from '../require.ts';

describe('the unpacked archives', function () {
  this.timeout(600_000);
  let folder: string;
  let built: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak built '));
    built = join(folder, 'unpacked');
    const archives = new Map<FunctionName, Uint8Array>();
    for (const name of FUNCTIONS) archives.set(name, archive(await functionFiles(name)));
    unpack(archives, built);
  });
  after(() => rm(folder, { recursive: true }));

  const seesTheMiner = async (pubsub: 'embedded' | 'emulator', store: 'sqlite' | 'firestore'): Promise<void> => {
    const { incidents, missing } = await play(cryptominer, {
      startStack: (options) => startStack({ ...options, store, built }),
      pubsub,
      timeoutMs: 100_000,
      progress: { doing: () => {}, done: () => {}, end: () => {} },
      signal: new AbortController().signal,
    });
    assert.deepEqual(missing, []);
    assert.deepEqual(
      incidents.map(({ state, decision }) => [state, decision?.tier]),
      [['contained', 'isolate']],
    );
  };

  it('detect, decide on and contain a miner as the sources do', () => seesTheMiner('embedded', 'sqlite'));

  describeWith('firestore', 'with the store of production', () => {
    it('do the same over the Firestore emulator', () => seesTheMiner('embedded', 'firestore'));
  });

  describeWith('pubsub', 'with the bus of production', () => {
    it('do the same over the Pub/Sub emulator', () => seesTheMiner('emulator', 'sqlite'));
  });

  for (const name of FUNCTIONS.filter((one) => TOPICS_OF[one].length > 0)) {
    it(`${name} starts with the production clients, and answers`, async () => {
      const logFile = join(folder, `${name}.log`);
      const one = await startFunction({ name, source: join(built, name), env: PRODUCTION_SETTINGS, logFile });
      try {
        const response = await fetch(new URL('/projects/p1/topics/firebreak-of-nobody', one.address), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ subscription: 's', message: { messageId: '1', data: 'e30=' } }),
        });
        const log = await readFile(logFile, 'utf8');
        assert.equal(response.status, 204, log);
        assert.match(log, /topic of-nobody is not one of ours/);
      } finally {
        await one.stop();
      }
    });
  }
});
