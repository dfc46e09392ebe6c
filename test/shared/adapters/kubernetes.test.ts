import { strict as assert } from 'node:assert';
import { startKubernetesServer } from '../../../local/kubernetes-server.ts';
import { makeKubernetesReader, makeKubernetesWriter } from '../../../shared/adapters/kubernetes.ts';
import { makeClientWire } from '../../../shared/adapters/kubernetes-client.ts';
import type { Wire, WireAnswer } from '../../../shared/adapters/kubernetes-wire.ts';
import { Conflict, Denied, Malformed } from '../../../shared/errors.ts';
import { clusterContract } from '../../contracts/cluster.ts';
import type { ClusterView } from '../../contracts/cluster-kit.ts';
import { playCluster } from '../../local/world/kubernetes/harness.ts';

clusterContract('@kubernetes/client-node to the simulated cluster over HTTP', async () => {
  const { cluster } = playCluster();
  cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'contract' } });
  cluster.rbac.grant('onlooker', { verbs: ['get', 'list'], groups: ['*'], resources: ['*'] });
  const server = await startKubernetesServer({ clusters: new Map([['p1/europe-west1/c1', cluster]]) });
  const view = (identity: string): ClusterView => {
    const wire = makeClientWire({ server: server.serverOf(cluster.ref), token: async () => identity });
    return { wire, reader: makeKubernetesReader(wire, { pageSize: 2 }), writer: makeKubernetesWriter(wire) };
  };
  return {
    admin: view('anyone'),
    onlooker: view('onlooker'),
    namespace: 'contract',
    loseNextReply: () => cluster.faults.add({ times: 1, fault: 'lost-reply' }),
    stop: () => server.stop(),
  };
});

describe('makeKubernetesReader', () => {
  it('ends a list that is too long where it may, and reads small pages of it', async () => {
    const asked: unknown[] = [];
    const fat = (n: number) => ({
      metadata: {
        name: `e${n}`,
        uid: `u${n}`,
        resourceVersion: '1',
        creationTimestamp: '2026-03-02T10:00:00Z',
        annotations: { a: 'x'.repeat(1_000) },
      },
    });
    const reader = makeKubernetesReader(async ({ path, query }) => {
      if (path === '/api/v1')
        return { status: 200, body: { resources: [{ name: 'events', kind: 'Event', namespaced: true }] } };
      asked.push(query?.limit);
      return { status: 200, body: { metadata: { continue: 'more' }, items: [fat(1), fat(2)] } };
    });
    const found = await reader.list({ apiVersion: 'v1', kind: 'Event', namespace: 'shop', limitBytes: 3_000 });
    assert.equal(found.length, 4);
    assert.deepEqual(asked, ['50', '50']);
  });

  const MIB = 1024 * 1024;
  const PODS = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop' };
  const podOf = (n: number, size: number) => ({
    metadata: { name: `p${n}`, uid: `u${n}`, resourceVersion: '1', creationTimestamp: '2026-03-02T10:00:00Z' },
    spec: { filler: 'x'.repeat(size) },
  });

  /** A cluster whose pods have these sizes, over a wire that cuts what is longer than it may be. */
  const clusterOf = (sizes: readonly number[]) => {
    const limits: number[] = [];
    const wire: Wire = async ({ path, query, maxBytes }) => {
      if (path === '/api/v1')
        return { status: 200, body: { resources: [{ name: 'pods', kind: 'Pod', namespaced: true }] } };
      const [from, limit] = [Number(query?.continue ?? 0), Number(query?.limit)];
      limits.push(limit);
      const page = sizes.slice(from, from + limit);
      const length = page.reduce((sum, size) => sum + size, 0);
      if (maxBytes === undefined || length > maxBytes) return { status: 200, body: '{"items":[', cut: true };
      const next = from + limit < sizes.length ? String(from + limit) : '';
      const items = page.map((size, n) => podOf(from + n, size));
      return { status: 200, body: { metadata: { continue: next }, items } };
    };
    return { limits, reader: makeKubernetesReader(wire) };
  };

  it('reads smaller pages where a page is too long, each object once, and then larger ones again', async () => {
    const sizes = [...Array.from({ length: 12 }, () => 1.5 * MIB), ...Array.from({ length: 300 }, () => 10)];
    const { limits, reader } = clusterOf(sizes);
    const seen: string[] = [];
    const cut = await reader.each(PODS, (page) => void seen.push(...page.map(({ metadata }) => metadata.name)));
    assert.equal(cut, undefined);
    assert.deepEqual(
      seen,
      sizes.map((_, n) => `p${n}`),
    );
    assert.deepEqual(limits, [250, 25, 3, 3, 3, 3, 3, 30, 250, 250]);
  });

  it('ends, and says so, where there is more than it reads, or one object alone is too large', async () => {
    for (const sizes of [Array.from({ length: 400 }, () => 1.5 * MIB), [10, 9 * MIB]]) {
      let count = 0;
      const cut = await clusterOf(sizes).reader.each(PODS, (page) => {
        count += page.length;
      });
      assert.match(cut ?? '', /more to list as Pod shop than the 512 MiB/);
      assert.ok(count > 0 && count < sizes.length);
    }
  });

  it('holds no list that is too long for the memory', async () => {
    const { reader } = clusterOf(Array.from({ length: 40 }, () => MIB));
    await assert.rejects(reader.list(PODS), (e) => e instanceof Malformed && /the 32 MiB/.test(e.message));
    assert.equal((await clusterOf(Array.from({ length: 20 }, () => MIB)).reader.list(PODS)).length, 20);
  });
});

// Answers that the simulated cluster never gives.
describe('makeKubernetesWriter', () => {
  const resources = [{ name: 'pods', kind: 'Pod', namespaced: true }];
  const found: WireAnswer = { status: 200, body: { resources } };
  const writer = (answer: WireAnswer) =>
    makeKubernetesWriter(async ({ method }) => (method === 'GET' ? found : answer));
  const status = (code: number, reason: string, message: string, details: object = {}): WireAnswer => ({
    status: code,
    body: { kind: 'Status', status: 'Failure', reason, message, code, details },
  });
  const REF = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'a' };
  const EVICTED = { namespace: 'shop', name: 'a', uid: 'u' };

  it('blocks an eviction rather for as long as its header says', async () => {
    const causes = [{ reason: 'DisruptionBudget', message: 'no' }];
    const body = status(429, 'TooManyRequests', 'no', { causes, retryAfterSeconds: 10 });
    const verdict = await writer({ ...body, retryAfterMs: 3_000 }).evict(EVICTED);
    assert.deepEqual(verdict, { outcome: 'blocked', because: 'no', retryAfterMs: 3_000 });
  });
  it('blocks no eviction by a budget where it refuses for another reason, and names one', async () => {
    const details = { causes: [{ reason: 'DisruptionBudget', message: 'no' }] };
    const several = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    for (const [refused, error] of [
      [status(403, 'Forbidden', 'no', details), Denied],
      [status(403, 'Forbidden', `webhook says: ${several}`), Denied],
      [status(409, 'Conflict', 'no', details), Conflict],
    ] as const)
      await assert.rejects(writer(refused).evict(EVICTED), error);
    const verdict = await writer(status(500, 'InternalError', several)).evict(EVICTED);
    assert.deepEqual(verdict, { outcome: 'blocked', because: several, retryAfterMs: 5_000 });
  });
  it('takes a deletion that goes on in the background for accepted', async () => {
    const accepted = status(202, '', 'accepted');
    assert.equal(await writer(accepted).delete(REF, { uid: 'u', propagation: 'Foreground' }), 'deleted');
  });
  it('sends no object under a name that is none, or without the namespace that its kind needs', async () => {
    const sent = writer(status(500, 'InternalError', 'it was sent'));
    for (const metadata of [{ name: '../nodes/n1', namespace: 'shop' }, { name: 'a' }])
      await assert.rejects(sent.create({ apiVersion: 'v1', kind: 'Pod', metadata }), Malformed);
  });
  it('refuses a JSON patch for good where it names the fields that are wrong, and else because the object changed', async () => {
    const patched = (answer: WireAnswer) => writer(answer).patch(REF, { type: 'json', body: [] });
    const causes = [{ reason: 'FieldValueInvalid', message: 'Invalid value', field: 'metadata.labels' }];
    await assert.rejects(patched(status(422, 'Invalid', 'Pod "a" is invalid', { causes })), Malformed);
    await assert.rejects(patched(status(422, 'Invalid', 'due to an error in our request', {})), Conflict);
  });
  it('is told the uid, the grace and what becomes of dependents with each deletion and eviction', async () => {
    const sent: unknown[] = [];
    const wire: Wire = async (request) => {
      if (request.method !== 'GET') sent.push(request.body);
      return request.method === 'GET' ? found : { status: 200, body: {} };
    };
    const port = makeKubernetesWriter(wire);
    await port.delete(REF, { uid: 'u', graceSeconds: 10, propagation: 'Foreground' });
    await port.evict({ ...EVICTED, graceSeconds: 0 });
    const preconditions = { uid: 'u' };
    const deletion = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, gracePeriodSeconds: 10 };
    assert.deepEqual(sent, [
      { ...deletion, propagationPolicy: 'Foreground' },
      {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { namespace: 'shop', name: 'a' },
        deleteOptions: { preconditions, gracePeriodSeconds: 0 },
      },
    ]);
  });
});
