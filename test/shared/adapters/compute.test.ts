import { strict as assert } from 'node:assert';
import { PassThroughClient } from 'google-auth-library';
import { startComputeServer } from '../../../local/compute-server.ts';
import { makeCompute } from '../../../shared/adapters/compute.ts';
import { clientOfToken } from '../../../shared/adapters/google-auth.ts';
import { Transient } from '../../../shared/errors.ts';
import { computeContract } from '../../contracts/compute.ts';
import { against } from '../../kit/against.ts';
import { makeTestWorld } from '../../local/world/compute/make-test-world.ts';

computeContract('Compute Engine through its client library', async () => {
  const { world, advance } = makeTestWorld();
  const server = await startComputeServer({ world, host: '127.0.0.1', port: 0 });
  const { host: apiEndpoint, port } = server;
  return {
    world,
    advance,
    as: (identity) =>
      makeCompute({ apiEndpoint, port, protocol: 'http', projectId: 'p1', authClient: clientOfToken(identity) }, 5_000),
    stop: server.close,
  };
});

describe('makeCompute', () => {
  const at = { project: 'p1', zone: 'europe-west1-b', name: 'n1' };
  const client = (port: number, timeoutMs: number) =>
    makeCompute(
      { apiEndpoint: '127.0.0.1', port, protocol: 'http', projectId: 'p1', authClient: new PassThroughClient() },
      timeoutMs,
    );

  it('gives up on a service that never answers', () =>
    against(
      () => undefined,
      (port) => assert.rejects(client(port, 200).instance(at), Transient),
    ));

  it('gives up on a change too, and sends it only once', async () => {
    let sent = 0;
    const of = {
      vm: { project: 'p1', zone: 'europe-west1-b', id: '4242' },
      items: [],
      fingerprint: 'x',
      requestId: '00000000-0000-4000-8000-000000000001',
    };
    await against(
      () => {
        sent += 1;
      },
      (port) => assert.rejects(client(port, 200).setTags(of), Transient),
    );
    assert.equal(sent, 1);
  });

  it('throws Transient for a 404 that does not come from the service, as it does not tell whether the VM exists', () =>
    against(
      (_, response) => {
        response.writeHead(404, { 'content-type': 'text/html' });
        response.end('<title>Not Found</title>');
      },
      (port) => assert.rejects(client(port, 500).instance(at), Transient),
    ));

  it('repeats a read that was answered 503', async () => {
    const { world } = makeTestWorld();
    world.addInstance(at);
    world.script({ kind: 'refuse', status: 503, reason: 'backendError', method: 'Instances.Get', times: 2 });
    const server = await startComputeServer({ world, host: '127.0.0.1', port: 0, identityOf: () => 'contain' });
    try {
      assert.equal((await client(server.port, 5_000).instance(at))?.name, 'n1');
      assert.deepEqual(
        world.state.calls.map(({ status }) => status),
        [503, 503, 200],
      );
    } finally {
      await server.close();
    }
  });

  it('throws Transient if the reply is not a VM', () =>
    against(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"name":"n1"}');
      },
      (port) => assert.rejects(client(port, 500).instance(at), Transient),
    ));
});
