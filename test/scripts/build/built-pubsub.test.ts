import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { makePubSubBus } from '../../../shared/adapters/bus-pubsub.ts';
import { loadBuilt } from '../../kit/built.ts';

/** The adapter as an archive holds it: with short names, and without what no call needs. */
describe('Pub/Sub as it is built', function () {
  this.timeout(300_000);
  let folder: string;
  let built: { makePubSubBus: typeof makePubSubBus };
  let server: Server;
  let bodies = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-bundle-'));
    built = await loadBuilt('shared/adapters/bus-pubsub.ts', folder);
    server = createServer((request, response) => {
      request.on('data', (part: Buffer) => {
        bodies += part.length;
      });
      request.on('end', () => response.end('{"messageIds":["7"]}'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  it('publishes, and holds nothing of a message that is published', async () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    assert.ok(typeof collect === 'function');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const bus = built.makePubSubBus({ project: 'p1', emulator: `127.0.0.1:${port}` });
    const publish = async (n: number): Promise<void> => {
      assert.equal(await bus.publish('findings', { n, text: `${n}`.repeat(500_000) }), '7');
    };
    const collectAll = (): void => {
      // What is outside of the heap goes with the second.
      collect();
      collect();
    };
    await publish(0);
    collectAll();
    const { heapUsed: before, external } = process.memoryUsage();
    for (let n = 1; n <= 60; n += 1) await publish(n);
    collectAll();
    const { heapUsed, external: after } = process.memoryUsage();
    assert.ok(bodies > 60_000_000, `${bodies} bytes arrived`);
    const held = heapUsed + after - before - external;
    assert.ok(held < 20_000_000, `${held} bytes are held`);
  });
});
