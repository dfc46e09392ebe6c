import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { makePubSubBus } from '../../../shared/adapters/bus-pubsub.ts';
import { loadBuilt } from '../../kit/built.ts';
import { startServer } from '../../kit/listening.ts';

/** The adapter as an archive holds it: minified, and without what no call needs. */
describe('Pub/Sub as it is built', function () {
  this.timeout(300_000);
  let folder: string;
  let built: { makePubSubBus: typeof makePubSubBus };
  let server: Awaited<ReturnType<typeof startServer>>;
  let bodies = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-bundle-'));
    built = await loadBuilt('shared/adapters/bus-pubsub.ts', folder);
    server = await startServer((request, response) => {
      request.on('data', (part: Buffer) => {
        bodies += part.length;
      });
      request.on('end', () => response.end('{"messageIds":["7"]}'));
    });
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('publishes, and frees the memory of published messages', async () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    assert.ok(typeof collect === 'function');
    const bus = built.makePubSubBus({ project: 'p1', emulator: server.host });
    const publish = async (n: number): Promise<void> => {
      assert.equal(await bus.publish('findings', { n, text: `${n}`.repeat(500_000) }), '7');
    };
    const collectAll = (): void => {
      // Memory outside the heap is freed by the second collection.
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
