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
  const server = await startComputeServer({ world });
  const { port } = server;
  return {
    world,
    advance,
    as: (identity) =>
      makeCompute(
        { apiEndpoint: '127.0.0.1', port, protocol: 'http', projectId: 'p1', authClient: clientOfToken(identity) },
        5_000,
      ),
    stop: server.close,
  };
});

describe('makeCompute', () => {
  const AT = { project: 'p1', zone: 'europe-west1-b', name: 'n1' };
  const TAGS = {
    vm: { project: 'p1', zone: 'europe-west1-b', id: '4242' },
    items: [],
    fingerprint: 'x',
    requestId: '00000000-0000-4000-8000-000000000001',
  };
  const client = (port: number, timeoutMs: number) =>
    makeCompute(
      { apiEndpoint: '127.0.0.1', port, protocol: 'http', projectId: 'p1', authClient: new PassThroughClient() },
      timeoutMs,
    );

  it('gives up on a service that never answers', () =>
    against(
      () => undefined,
      (port) => assert.rejects(client(port, 200).instance(AT), Transient),
    ));

  it('gives up on a change too, and sends it only once', async () => {
    let sent = 0;
    await against(
      () => {
        sent += 1;
      },
      (port) => assert.rejects(client(port, 200).setTags(TAGS), Transient),
    );
    assert.equal(sent, 1);
  });

  it('gives up on a change whose token does not come in time', async () => {
    class Waiting extends PassThroughClient {
      override fetch = () => new Promise<never>(() => {});
    }
    await assert.rejects(makeCompute({ projectId: 'p1', authClient: new Waiting() }, 100).setTags(TAGS), Transient);
  });

  it('throws Transient for a 404 that does not come from the service, as it does not tell whether the VM exists', () =>
    against(
      (_, response) => {
        response.writeHead(404, { 'content-type': 'text/html' });
        response.end('<title>Not Found</title>');
      },
      (port) => assert.rejects(client(port, 500).instance(AT), Transient),
    ));

  it('repeats a read that was answered 503', async () => {
    const { world } = makeTestWorld();
    world.addInstance(AT);
    world.script({ kind: 'refuse', status: 503, reason: 'backendError', method: 'Instances.Get', times: 2 });
    const server = await startComputeServer({ world, identityOf: () => 'contain' });
    try {
      assert.equal((await client(server.port, 5_000).instance(AT))?.name, 'n1');
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
      (port) => assert.rejects(client(port, 500).instance(AT), Transient),
    ));
});
