import { strict as assert } from 'node:assert';
import type { ApiRequest, ApiResponse } from '../../../../local/world/kubernetes/requests.ts';
import { playCluster } from './harness.ts';

const settings = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } });
const PATH = '/api/v1/namespaces/shop/configmaps';
const merge = (name: string, body: unknown): ApiRequest => ({
  method: 'PATCH',
  path: `${PATH}/${name}`,
  contentType: 'application/merge-patch+json',
  body,
});
const messageOf = (answer: ApiResponse): string => Object(answer.body).message;

describe('the world log of a cluster', () => {
  it('records who changed what, from which value to which', () => {
    const { cluster, log } = playCluster();
    cluster.apply(settings('a'));
    cluster.handle('firebreak-contain', {
      method: 'PATCH',
      path: '/api/v1/nodes/n1',
      contentType: 'application/merge-patch+json',
      body: { spec: { unschedulable: true }, metadata: { annotations: { 'firebreak.dev/x': 'y' } } },
    });
    const [mine, ...more] = log.by('firebreak-contain');
    assert.deepEqual(more, []);
    assert.equal(mine?.verb, 'patch');
    assert.equal(mine?.object, 'Node n1');
    assert.deepEqual(mine?.change, {
      'metadata.annotations.firebreak.dev/x': { from: undefined, to: 'y' },
      'spec.unschedulable': { from: undefined, to: true },
    });
  });
  it('has no entry for a call that changed nothing, was refused or only read', () => {
    const { cluster, log } = playCluster();
    cluster.apply(settings('a'));
    const before = log.entries().length;
    cluster.handle('anyone', merge('a', { metadata: { labels: null } }));
    cluster.handle('firebreak-decide', merge('a', { data: { a: 'b' } }));
    cluster.handle('anyone', merge('a', { metadata: { resourceVersion: '1' }, data: { a: 'b' } }));
    cluster.handle('anyone', { method: 'GET', path: PATH });
    assert.equal(log.entries().length, before);
  });
  it('is the same for the same random values and the same calls', () => {
    const run = () => {
      const { cluster, log, pass } = playCluster();
      cluster.apply(settings('a'));
      pass(5_000);
      cluster.drop({ ...settings('a'), namespace: 'shop', name: 'a' });
      return log.entries();
    };
    assert.deepEqual(run(), run());
  });
});

describe('the permissions in a played cluster', () => {
  it('default to those of `firebreak rbac`: contain may patch nodes but no secrets, decide and operate may only read', () => {
    const { cluster } = playCluster();
    const status = (identity: string, method: string, path: string) =>
      cluster.handle(identity, { method, path, contentType: 'application/merge-patch+json', body: {} }).status;
    assert.equal(status('firebreak-contain', 'PATCH', '/api/v1/nodes/n1'), 200);
    assert.equal(status('firebreak-contain', 'PATCH', '/api/v1/namespaces/shop/secrets/x'), 403);
    for (const reader of ['firebreak-decide', 'firebreak-operate']) {
      assert.equal(status(reader, 'PATCH', '/api/v1/nodes/n1'), 403);
      assert.equal(status(reader, 'GET', '/api/v1/nodes/n1'), 200);
    }
    assert.equal(status('nobody', 'GET', '/api/v1/nodes/n1'), 403);
    for (const ours of ['firebreak-contain', 'firebreak-decide']) {
      assert.equal(status(ours, 'GET', '/api/v1/namespaces/shop/secrets'), 403);
    }
  });
  it('are refused in the words of the real server', () => {
    const { cluster } = playCluster();
    const answer = cluster.handle('firebreak-decide', {
      method: 'DELETE',
      path: '/apis/apps/v1/namespaces/shop/deployments/cart',
    });
    assert.equal(
      messageOf(answer),
      'deployments.apps "cart" is forbidden: User "firebreak-decide" cannot delete resource "deployments" in API group "apps" in the namespace "shop"',
    );
  });
  it('can be granted in one namespace, and revoked', () => {
    const { cluster } = playCluster();
    cluster.apply(settings('a'));
    cluster.rbac.grant('helper', { verbs: ['patch'], groups: [''], resources: ['configmaps'], namespaces: ['shop'] });
    assert.equal(cluster.handle('helper', merge('a', { data: { a: 'b' } })).status, 200);
    assert.equal(cluster.handle('helper', { ...merge('a', {}), path: '/api/v1/nodes/n1' }).status, 403);
    cluster.rbac.replace('helper', [{ verbs: ['get'], groups: [''], resources: ['configmaps'] }]);
    assert.equal(cluster.handle('helper', { method: 'GET', path: `${PATH}/a` }).status, 200);
    assert.equal(cluster.handle('helper', merge('a', { data: { a: 'c' } })).status, 403);
    cluster.rbac.revoke('helper');
    assert.equal(cluster.handle('helper', merge('a', { data: { a: 'c' } })).status, 403);
  });
  it('give a caller without a token a 401', () => {
    const { cluster } = playCluster();
    assert.equal(cluster.handle(undefined, { method: 'GET', path: PATH }).status, 401);
  });
});

describe('scripted faults', () => {
  it('apply to the calls that they name, as often as they say', () => {
    const { cluster } = playCluster();
    cluster.apply(settings('a'));
    cluster.faults.add({ verb: 'patch', kind: 'ConfigMap', name: 'a', times: 2, fault: '503' });
    const statuses = [1, 2, 3].map((n) => cluster.handle('anyone', merge('a', { data: { n: String(n) } })).status);
    assert.deepEqual(statuses, [503, 503, 200]);
    assert.equal(cluster.handle('anyone', { method: 'GET', path: `${PATH}/a` }).status, 200);
  });
  it('change nothing, except for a lost reply', () => {
    const { cluster } = playCluster();
    cluster.apply(settings('a'));
    const data = () => cluster.get({ ...settings('a'), namespace: 'shop', name: 'a' })?.data;
    cluster.faults.add({ times: 1, fault: 'timeout' });
    assert.equal(cluster.handle('anyone', merge('a', { data: { a: '1' } })).dropped, 'timeout');
    assert.equal(data(), undefined);
    cluster.faults.add({ times: 1, fault: 'lost-reply' });
    assert.equal(cluster.handle('anyone', merge('a', { data: { a: '1' } })).dropped, 'lost-reply');
    assert.deepEqual(data(), { a: '1' });
  });
});

describe('the routes of a played cluster', () => {
  it('answer 404 if the shared suite has not compared them with a real server', () => {
    const { cluster } = playCluster();
    cluster.apply(settings('a'));
    const unserved: Array<[string, string]> = [
      ['PUT', `${PATH}/a`],
      ['DELETE', PATH],
      ['POST', `${PATH}/a`],
      ['GET', '/api/v1/namespaces/shop/pods/x/exec'],
      ['GET', '/healthz'],
      ['GET', '/api/v1/namespaces/shop/nodes/n1'],
      ['GET', `${PATH}/a/b/c`],
    ];
    for (const [method, path] of unserved) assert.equal(cluster.handle('anyone', { method, path }).status, 404, path);
  });
  it('answer 501 with a sentence if the real server has them but no suite has exercised them', () => {
    const { cluster } = playCluster();
    const answer = cluster.handle('anyone', { method: 'GET', path: '/apis/discovery.k8s.io/v1/endpointslices' });
    assert.equal(answer.status, 501);
    assert.match(messageOf(answer), /does not answer GET \/apis\/discovery.* no suite has exercised it on a real one/);
  });
  it('are recorded with the caller and the status', () => {
    const { cluster } = playCluster();
    cluster.handle('anyone', { method: 'GET', path: PATH });
    cluster.handle('firebreak-decide', { method: 'POST', path: PATH, body: settings('b') });
    assert.deepEqual(
      cluster.calls().map((c) => [c.identity, c.verb, c.kind, c.status]),
      [
        ['anyone', 'list', 'ConfigMap', 200],
        ['firebreak-decide', 'create', 'ConfigMap', 403],
      ],
    );
  });
});

describe('a strategic merge patch', () => {
  it('applies the directives that clients send', () => {
    const { cluster } = playCluster([]);
    const spec = { containers: [{ name: 'a', image: 'x:1' }], nodeSelector: { no: 'such' } };
    const metadata = {
      name: 'p',
      namespace: 'shop',
      finalizers: ['example.com/a', 'example.com/b'],
      labels: { a: '1', b: '2' },
    };
    cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
    const patch = (body: unknown) =>
      Object(
        cluster.handle('anyone', {
          method: 'PATCH',
          path: '/api/v1/namespaces/shop/pods/p',
          contentType: 'application/strategic-merge-patch+json',
          body,
        }).body,
      );
    assert.deepEqual(patch({ metadata: { finalizers: ['example.com/c'] } }).metadata.finalizers.length, 3);
    assert.deepEqual(
      patch({ metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] } }).metadata.finalizers,
      ['example.com/b', 'example.com/c'],
    );
    assert.deepEqual(patch({ metadata: { labels: { $patch: 'replace', c: '3' } } }).metadata.labels, { c: '3' });
    assert.match(
      patch({ spec: { containers: [{ image: 'x:2' }] } }).message,
      /does not contain declared merge key: name/,
    );
    const ordered = { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'a', image: 'x:2' }] };
    assert.equal(patch({ spec: ordered }).spec.containers[0].image, 'x:2');
  });
});
