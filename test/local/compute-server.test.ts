import { strict as assert } from 'node:assert';
import { type ComputeServer, startComputeServer } from '../../local/compute-server.ts';
import { loadDefinitions } from '../../local/world/compute/definitions.ts';
import { type ComputeWorld, METHODS } from '../../local/world/compute/world.ts';
import { COMPUTE_METHODS } from '../../shared/adapters/compute-methods.ts';
import { makeTestWorld } from './world/compute/make-test-world.ts';

const VM = '/compute/v1/projects/p1/zones/europe-west1-b/instances/n1';
const ID = '00000000-0000-4000-8000-000000000001';

describe('startComputeServer', () => {
  let server: ComputeServer;
  let world: ComputeWorld;
  beforeEach(async () => {
    ({ world } = makeTestWorld());
    world.addInstance({ project: 'p1', zone: 'europe-west1-b', name: 'n1' });
    server = await startComputeServer({ world });
  });
  afterEach(() => server.close());

  const send = async (method: string, path: string, body?: unknown, token = 'contain') => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
  };

  it('answers a known route with the resource as the service writes it', async () => {
    const { status, text } = await send('GET', `${VM}?$alt=json%3Benum-encoding=int&prettyPrint=false`);
    assert.equal(status, 200);
    assert.match(text, /"kind":"compute#instance"/);
  });

  it('refuses a caller without a token', async () => {
    assert.equal((await send('GET', VM, undefined, '')).status, 401);
  });

  it('words a 404 as the service does', async () => {
    const { status, text } = await send('GET', VM.replace('n1', 'n2'));
    assert.equal(status, 404);
    const message = "The resource 'projects/p1/zones/europe-west1-b/instances/n2' was not found";
    assert.deepEqual(JSON.parse(text), {
      error: { code: 404, message, errors: [{ message, domain: 'global', reason: 'notFound' }] },
    });
  });

  it('answers an unknown route with 404 and no JSON', async () => {
    for (const path of ['/', '/compute/v1/projects/p1/instances/n1', `${VM}/explode`, `${VM}/%E0%A4%A`]) {
      const { status, type } = await send('GET', path);
      assert.deepEqual([status, type.split(';')[0]], [404, 'text/html'], path);
    }
    assert.equal((await send('DELETE', `${VM}/setTags`)).status, 404);
  });

  it('answers 501 on a route that it does not simulate', async () => {
    assert.equal((await send('POST', `${VM}/reset`)).status, 501);
  });

  for (const [what, method, path, body, message] of [
    ['an unknown field', 'POST', `${VM}/setTags`, { items: [], fingerprint: 'x', extra: 1 }, /extra.*not a field/],
    ['a wrong type', 'POST', `${VM}/setTags`, { items: 'a', fingerprint: 'x' }, /items.*must be a list/],
    ['a missing body', 'POST', `${VM}/setTags`, undefined, /tagsResource.* not specified/],
    ['a body that is not JSON', 'POST', `${VM}/setTags`, '{', /Parse Error/],
    [
      'a body on a call without one',
      'POST',
      `${VM}/setDiskAutoDelete?autoDelete=true&deviceName=d`,
      { a: 1 },
      /no body/,
    ],
    ['a missing parameter', 'POST', `${VM}/setDiskAutoDelete?autoDelete=true`, undefined, /deviceName.* not specified/],
    ['an unknown parameter', 'GET', `${VM}?instance_id=1`, undefined, /Unknown name/],
    ['a path field as a parameter', 'GET', `${VM}?zone=europe-west1-c`, undefined, /Unknown name/],
    ['a flag that is none', 'POST', `${VM}/setDiskAutoDelete?autoDelete=yes&deviceName=d`, undefined, /TYPE_BOOL/],
    ['an unknown word', 'POST', '/compute/v1/projects/p1/global/firewalls', { name: 'f', direction: 'UP' }, /one of/],
    ['the zero requestId', 'DELETE', `${VM}?requestId=00000000-0000-0000-0000-000000000000`, undefined, /zero UUID/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { status, text } = await send(method, path, body);
      assert.equal(status, 400);
      assert.match(text, message);
      assert.deepEqual(world.state.log.by('contain'), []);
    });
  }

  it('gives the same operation for the same requestId', async () => {
    const first = await send('DELETE', `${VM}?requestId=${ID}`);
    assert.equal(first.status, 200);
    assert.equal((await send('DELETE', `${VM}?requestId=${ID}`)).text, first.text);
  });

  it('drops the connection if a reply is to be lost', async () => {
    world.script({ kind: 'lose-reply', method: 'Instances.Get' });
    await assert.rejects(send('GET', VM));
    assert.equal((await send('GET', VM)).status, 200);
  });
});

describe('the simulated methods', () => {
  it('are all defined by the client library, and include every method that Firebreak calls', () => {
    const known = new Set(loadDefinitions().routes.map(({ name }) => name));
    const simulated = new Set(Object.keys(METHODS));
    for (const name of simulated) assert.ok(known.has(name), name);
    assert.deepEqual(
      COMPUTE_METHODS.filter((name) => !simulated.has(name)),
      [],
    );
  });
});
