import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startComputeServer } from '../../../local/compute-server.ts';
import type { ComputeOptions } from '../../../shared/adapters/compute.ts';
import { COMPUTE_METHODS } from '../../../shared/adapters/compute-methods.ts';
import { clientOfToken } from '../../../shared/adapters/google-auth.ts';
import type { ComputeReader, ComputeWriter } from '../../../shared/model/compute.ts';
import { computeContract } from '../../contracts/compute.ts';
import { loadBuilt, withOurErrors } from '../../kit/built.ts';
import { makeTestWorld } from '../../local/world/compute/make-test-world.ts';

type Built = { makeCompute(options: ComputeOptions, timeoutMs: number): ComputeReader & ComputeWriter };

/** The adapter as an archive holds it, with definitions of only the methods that are called. */
describe('Compute Engine as it is built', () => {
  const called = new Set<string>();
  let folder: string;
  let built: Built;
  before(async function () {
    this.timeout(300_000);
    folder = await mkdtemp(join(tmpdir(), 'firebreak-bundle-'));
    built = await loadBuilt('shared/adapters/compute.ts', folder);
  });
  after(() => rm(folder, { recursive: true }));

  computeContract('through its client library', async () => {
    const { world, advance } = makeTestWorld();
    const server = await startComputeServer({ world });
    const { port } = server;
    return {
      world,
      advance,
      as: (identity) => {
        const authClient = clientOfToken(identity);
        return withOurErrors(
          built.makeCompute({ apiEndpoint: '127.0.0.1', port, protocol: 'http', projectId: 'p1', authClient }, 5_000),
        );
      },
      stop: async () => {
        for (const { method, status } of world.state.calls) if (status === 200) called.add(method);
        await server.close();
      },
    };
  });

  describe('after all of these tests', () => {
    it('has received an answer from every method that Firebreak calls', () => {
      assert.deepEqual([...called].sort(), [...COMPUTE_METHODS].sort());
    });
  });
});
