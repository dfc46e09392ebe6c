import { strict as assert } from 'node:assert';
import { playCluster } from './harness.ts';
import { refOf, template, workload } from './shapes.ts';

describe('the played Job', () => {
  const job = (spec = {}) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'report', namespace: 'shop' },
    spec: { template: template('report', { restartPolicy: 'Never' }), ...spec },
  });
  it('has no pods while it is suspended', () => {
    const { cluster } = playCluster();
    const made = cluster.apply(job());
    const suspend = (to: boolean) =>
      cluster.edit(refOf(made), (draft) => {
        draft.spec = { ...draft.spec, suspend: to };
      });
    assert.equal(cluster.list('v1', 'Pod').length, 1);
    suspend(true);
    assert.equal(cluster.list('v1', 'Pod').length, 0);
    suspend(false);
    assert.equal(cluster.list('v1', 'Pod').length, 1);
  });
  it('completes once its pod has succeeded, by a program that a test defines', () => {
    const { cluster } = playCluster();
    cluster.reality.programs.push({ image: /x:1$/, run: () => ({ phase: 'Succeeded', log: 'done\n' }) });
    const made = cluster.apply(job());
    const [pod] = cluster.list('v1', 'Pod');
    assert.equal(made.status?.succeeded, 1);
    const log = cluster.handle('anyone', {
      method: 'GET',
      path: `/api/v1/namespaces/shop/pods/${pod?.metadata.name}/log`,
    });
    assert.equal(log.body, 'done\n');
  });
});

describe('played deletion', () => {
  it('of a namespace also deletes its contents', () => {
    const { cluster } = playCluster();
    cluster.apply(workload('Deployment', 'cart', { replicas: 1 }));
    cluster.drop({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' });
    assert.equal(cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }), undefined);
    assert.deepEqual(cluster.list('v1', 'Pod'), []);
  });
  it('of a namespace waits for its contents, and refuses new ones meanwhile', () => {
    const { cluster } = playCluster(['n1']);
    const namespace = { apiVersion: 'v1', kind: 'Namespace', name: 'shop' };
    const post = () =>
      cluster.handle('anyone', {
        method: 'POST',
        path: '/api/v1/namespaces/shop/configmaps',
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'a-' } },
      });
    assert.equal(post().status, 201);
    cluster.apply(workload('Deployment', 'cart', { replicas: 1 }));
    cluster.cutNode('n1');
    cluster.drop(namespace);
    assert.equal(cluster.get(namespace)?.status?.phase, 'Terminating');
    const refused = post();
    assert.equal(refused.status, 403);
    assert.match(JSON.stringify(refused.body), /because it is being terminated/);
    cluster.reconnectNode('n1');
    assert.equal(cluster.get(namespace), undefined);
    assert.equal(post().status, 404);
  });
  it('in the foreground waits for everything that is owned, however deep', () => {
    const { cluster } = playCluster(['n1']);
    const deployment = cluster.apply(workload('Deployment', 'cart', { replicas: 1 }));
    cluster.cutNode('n1');
    cluster.handle('anyone', {
      method: 'DELETE',
      path: '/apis/apps/v1/namespaces/shop/deployments/cart',
      body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Foreground' },
    });
    assert.notEqual(cluster.get(refOf(deployment))?.metadata.deletionTimestamp, undefined);
    assert.equal(cluster.list('apps/v1', 'ReplicaSet').length, 1);
    cluster.reconnectNode('n1');
    assert.equal(cluster.get(refOf(deployment)), undefined);
    assert.deepEqual(cluster.list('apps/v1', 'ReplicaSet'), []);
    assert.deepEqual(cluster.list('v1', 'Pod'), []);
  });
  it('in the foreground also deletes what is owned, and with Orphan leaves it', () => {
    const { cluster } = playCluster();
    const remove = (name: string, propagationPolicy: string) =>
      cluster.handle('anyone', {
        method: 'DELETE',
        path: `/apis/apps/v1/namespaces/shop/deployments/${name}`,
        body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy },
      });
    cluster.apply(workload('Deployment', 'cart', { replicas: 1 }));
    remove('cart', 'Foreground');
    assert.deepEqual(cluster.list('apps/v1', 'Deployment'), []);
    assert.deepEqual(cluster.list('v1', 'Pod'), []);
    cluster.apply(workload('Deployment', 'cart', { replicas: 1 }));
    remove('cart', 'Orphan');
    assert.deepEqual(cluster.list('apps/v1', 'Deployment'), []);
    assert.equal(cluster.list('apps/v1', 'ReplicaSet').length, 1);
    assert.equal(cluster.list('v1', 'Pod').length, 1);
  });
  it('takes what owners that are gone have left, but not where nobody can look the owner up', () => {
    const { cluster } = playCluster();
    const owned = (name: string, apiVersion: string, kind: string) =>
      cluster.apply({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'shop', ownerReferences: [{ apiVersion, kind, name: 'x', uid: `uid-${name}` }] },
      });
    owned('of-gone', 'apps/v1', 'Deployment');
    owned('of-unknown', 'nowhere.example.com/v1', 'Fleet');
    const left = cluster.list('v1', 'ConfigMap', 'shop').map(({ metadata }) => metadata.name);
    assert.deepEqual([left.includes('of-gone'), left.includes('of-unknown')], [false, true]);
  });
  it('of a static pod has no lasting effect: the kubelet creates the pod again', () => {
    const { cluster } = playCluster(['n1']);
    const metadata = { name: 'proxy-n1', namespace: 'shop', annotations: { 'kubernetes.io/config.mirror': 'a1' } };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: { nodeName: 'n1', containers: [{ name: 'proxy', image: 'x:1' }] },
    };
    const made = cluster.apply(pod);
    cluster.drop(refOf(made));
    const again = cluster.get(refOf(made));
    assert.ok(again);
    assert.notEqual(again.metadata.uid, made.metadata.uid);
    assert.equal(again.metadata.ownerReferences?.[0]?.kind, 'Node');
  });
});
