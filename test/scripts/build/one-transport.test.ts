import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { install } from '../../../scripts/build/unpack.ts';
import { startCloudStub } from '../../bench/cloud-stub.ts';
import { builtFiles } from '../../kit/built-files.ts';
import { PRODUCTION_SETTINGS } from '../../kit/production-settings.ts';

/** Calls each client of a function once, and prints what Node.js has loaded by then. */
const ASK = `
import { join } from 'node:path';
const [folder] = process.argv.slice(1);
const { load } = await import(join(folder, 'load.mjs'));
const { started, callEach } = load(join(folder, 'main.js'));
await callEach(await started);
console.log('loaded: ' + process.moduleLoadList.join());
process.exit(0);`;

const FIRESTORE = /:batchGet/;
const PUBSUB = /:publish/;

/** The clients of each function, by the paths that they request. */
const CLIENTS = {
  contain: [FIRESTORE, PUBSUB, /\/b\//, /\/compute\/v1\//, /^\/clusters\/.*\/api\/v1$/],
  'detect-audit-log': [FIRESTORE, PUBSUB],
  notify: [FIRESTORE],
} as const;

describe('oneTransport', function () {
  this.timeout(300_000);
  let folder: string;
  let cloud: Awaited<ReturnType<typeof startCloudStub>>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-transport-'));
    cloud = await startCloudStub();
  });
  after(async () => {
    await cloud.stop();
    await rm(folder, { recursive: true });
  });

  for (const name of ['contain', 'detect-audit-log', 'notify'] as const)
    it(`makes every client of ${name} send over http, without gRPC and without the fetch and web streams of Node.js`, async () => {
      install(new Map([[name, await builtFiles(name)]]), folder);
      const before = cloud.asked.length;
      const env = { ...process.env, ...PRODUCTION_SETTINGS, METADATA_SERVER_DETECTION: 'none', ...cloud.env };
      const args = ['--input-type=module', '--eval', ASK, '--', join(folder, name)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env });
      const loaded = /^loaded: (.*)$/m.exec(stdout)?.[1]?.split(',') ?? [];
      assert.ok(loaded.includes('NativeModule http'), stdout);
      assert.deepEqual(
        loaded.filter((one) => /undici|http2|webstreams/.test(one)),
        [],
      );
      const asked = cloud.asked.slice(before);
      for (const client of CLIENTS[name]) {
        assert.ok(
          asked.some((path) => client.test(path)),
          `${client} of ${asked.join(' ')}`,
        );
      }
    });
});
