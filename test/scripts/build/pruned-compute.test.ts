import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startComputeServer } from '../../../local/compute-server.ts';
import { bundle } from '../../../scripts/build/bundle.ts';
import { startFiles } from '../../../scripts/build/start-files.ts';
import type { ComputeOptions } from '../../../shared/adapters/compute.ts';
import { COMPUTE_METHODS } from '../../../shared/adapters/compute-methods.ts';
import { clientOfToken } from '../../../shared/adapters/google-auth.ts';
import { Conflict, Denied, Malformed, Transient } from '../../../shared/errors.ts';
import type { ComputeReader, ComputeWriter } from '../../../shared/model/compute.ts';
import { computeContract } from '../../contracts/compute.ts';
import { makeTestWorld } from '../../local/world/compute/make-test-world.ts';

type Built = { makeCompute(options: ComputeOptions, timeoutMs: number): ComputeReader & ComputeWriter };

const OURS = new Map(Object.entries({ Conflict, Denied, Malformed, Transient }));

/** The ports with what they throw as the errors of this process: the bundle has classes of its own for them. */
const withOurErrors = <Ports extends object>(ports: Ports): Ports =>
  new Proxy(ports, {
    get: (target, name) => {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== 'function') return call;
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          return await Reflect.apply(call, target, args);
        } catch (thrown) {
          const Ours = thrown instanceof Error ? OURS.get(thrown.name) : undefined;
          throw thrown instanceof Error && Ours !== undefined ? new Ours(thrown.message, { cause: thrown }) : thrown;
        }
      };
    },
  });

/** The adapter as an archive holds it, over the definitions of nothing but what is called. */
describe('Compute Engine as it is built', () => {
  const called = new Set<string>();
  let folder: string;
  let built: Built;
  before(async function () {
    this.timeout(300_000);
    folder = await mkdtemp(join(tmpdir(), 'firebreak-bundle-'));
    const { files } = await bundle('shared/adapters/compute.ts');
    for (const [name, contents] of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), contents);
    }
    for (const [name, contents] of startFiles()) await writeFile(join(folder, name), contents);
    const { load } = await import(pathToFileURL(join(folder, 'load.mjs')).href);
    built = load(join(folder, 'main.js'));
  });
  after(() => rm(folder, { recursive: true }));

  computeContract('through its client library', async () => {
    const { world, advance } = makeTestWorld();
    const server = await startComputeServer({ world, host: '127.0.0.1', port: 0 });
    const { host: apiEndpoint, port } = server;
    return {
      world,
      advance,
      as: (identity) => {
        const authClient = clientOfToken(identity);
        return withOurErrors(
          built.makeCompute({ apiEndpoint, port, protocol: 'http', projectId: 'p1', authClient }, 5_000),
        );
      },
      stop: async () => {
        for (const { method, status } of world.state.calls) if (status === 200) called.add(method);
        await server.close();
      },
    };
  });

  describe('after all of that', () => {
    it('has had an answer from every method that is called', () => {
      assert.deepEqual([...called].sort(), [...COMPUTE_METHODS].sort());
    });
  });
});
