import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { functionFiles } from '../../../scripts/build/function-files.ts';
import { install } from '../../../scripts/build/unpack.ts';
import { PRODUCTION_SETTINGS } from '../../kit/production-settings.ts';

/** Asks each client of a function once, and tells what Node.js has loaded by then. */
const ASK = `
import { join } from 'node:path';
const [folder] = process.argv.slice(1);
const { load } = await import(join(folder, 'load.mjs'));
const { started, callEach } = load(join(folder, 'main.js'));
await callEach(await started);
console.log('loaded: ' + process.moduleLoadList.join());
process.exit(0);`;

describe('oneTransport', function () {
  this.timeout(300_000);
  let folder: string;
  let server: Server;
  const asked: string[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-transport-'));
    install(new Map([['contain', await functionFiles('contain')]]), folder);
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      request.resume();
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"code":404,"message":"no"}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  it('has every client of contain send by what is loaded anyway: no gRPC, and no fetch of Node.js, nor its streams', async () => {
    const address = server.address();
    const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const env = {
      ...process.env,
      ...PRODUCTION_SETTINGS,
      METADATA_SERVER_DETECTION: 'none',
      PUBSUB_EMULATOR_HOST: host,
      FIRESTORE_EMULATOR_HOST: host,
      STORAGE_EMULATOR_HOST: `http://${host}`,
      FIREBREAK_CONTAINER_ENDPOINT: `http://${host}`,
      FIREBREAK_COMPUTE_ENDPOINT: `http://${host}`,
      FIREBREAK_TOKEN: 'none',
    };
    const args = ['--input-type=module', '--eval', ASK, '--', join(folder, 'contain')];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const loaded = /^loaded: (.*)$/m.exec(stdout)?.[1]?.split(',') ?? [];
    assert.ok(loaded.includes('NativeModule http'), stdout);
    assert.deepEqual(
      loaded.filter((name) => /undici|http2|webstreams/.test(name)),
      [],
    );
    for (const client of [/:batchGet/, /:publish/, /\/b\//, /\/compute\/v1\//, /^\/clusters\/.*\/api\/v1$/]) {
      assert.ok(
        asked.some((path) => client.test(path)),
        `${client} of ${asked.join(' ')}`,
      );
    }
  });
});
