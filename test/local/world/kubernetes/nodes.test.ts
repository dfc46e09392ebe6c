import { strict as assert } from 'node:assert';
import { type Fields, listAt } from '../../../../local/world/kubernetes/objects.ts';
import { playCluster } from './harness.ts';

const node = (name: string) => ({ apiVersion: 'v1', kind: 'Node', name });
const podOn = (name: string, nodeName: string, spec: Fields = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: { nodeName, containers: [{ name: 'main', image: 'shop.example.com/main:1' }], ...spec },
});
const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name });
const taints = (object: { spec?: unknown } | undefined) =>
  listAt(object?.spec, 'taints')
    .map((t) => `${t.key}:${t.effect}`)
    .sort();

describe('a cordoned node', () => {
  it('carries the unschedulable taint until it is uncordoned', () => {
    const { cluster } = playCluster(['n1']);
    const cordon = (on: boolean) =>
      cluster.edit(node('n1'), (draft) => {
        const { unschedulable: _old, ...spec } = draft.spec ?? {};
        draft.spec = on ? { ...spec, unschedulable: true } : spec;
      });
    assert.deepEqual(taints(cordon(true)), ['node.kubernetes.io/unschedulable:NoSchedule']);
    const waiting = cluster.apply({ ...podOn('a', ''), spec: { containers: [{ name: 'main', image: 'x:1' }] } });
    assert.equal(waiting.status?.phase, 'Pending');
    assert.equal(listAt(waiting.status, 'conditions')[0]?.reason, 'Unschedulable');
    assert.deepEqual(taints(cordon(false)), []);
    assert.equal(cluster.get(pod('a'))?.status?.phase, 'Running');
  });
});

describe('a node that is cut off', () => {
  const forever = ['not-ready', 'unreachable'].map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
  }));
  const play = () => {
    const played = playCluster(['n1', 'n2']);
    played.cluster.apply(podOn('fleeting', 'n1'));
    played.cluster.apply(podOn('lasting', 'n1', { tolerations: forever }));
    played.cluster.cutNode('n1');
    return played;
  };

  it('is Unknown and tainted, and its pods are not Ready', () => {
    const { cluster } = play();
    const cut = cluster.get(node('n1'));
    assert.equal(listAt(cut?.status, 'conditions').find((c) => c.type === 'Ready')?.status, 'Unknown');
    assert.deepEqual(taints(cut), [
      'node.kubernetes.io/unreachable:NoExecute',
      'node.kubernetes.io/unreachable:NoSchedule',
    ]);
    const ready = listAt(cluster.get(pod('lasting'))?.status, 'conditions').find((c) => c.type === 'Ready');
    assert.equal(ready?.status, 'False');
  });
  it('has its pods marked for deletion after 300 s unless they tolerate it without limit, and kills none', () => {
    const { cluster, pass } = play();
    const marked = (name: string) => cluster.get(pod(name))?.metadata.deletionTimestamp !== undefined;
    pass(299_000);
    assert.equal(marked('fleeting'), false);
    pass(1_000);
    assert.equal(marked('fleeting'), true);
    pass(24 * 3_600_000);
    assert.equal(marked('lasting'), false);
    assert.equal(cluster.running('n1').length, 2);
  });
  it('returns no log, starts no container and confirms no deletion', () => {
    const { cluster } = play();
    const log = cluster.handle('anyone', { method: 'GET', path: '/api/v1/namespaces/shop/pods/lasting/log' });
    assert.equal(log.status, 500);
    cluster.handle('anyone', {
      method: 'PATCH',
      path: '/api/v1/namespaces/shop/pods/lasting/ephemeralcontainers',
      contentType: 'application/strategic-merge-patch+json',
      body: { spec: { ephemeralContainers: [{ name: 'probe', image: 'x:1' }] } },
    });
    assert.equal(cluster.get(pod('lasting'))?.status?.ephemeralContainerStatuses, undefined);
    cluster.drop(pod('lasting'));
    assert.notEqual(cluster.get(pod('lasting'))?.metadata.deletionTimestamp, undefined);
  });
  it('kills the marked pods once it is back', () => {
    const { cluster, pass } = play();
    pass(300_000);
    cluster.reconnectNode('n1');
    assert.equal(cluster.get(pod('fleeting')), undefined);
    assert.equal(cluster.running('n1').length, 1);
    assert.deepEqual(taints(cluster.get(node('n1'))), []);
    assert.equal(
      listAt(cluster.get(pod('lasting'))?.status, 'conditions').find((c) => c.type === 'Ready')?.status,
      'True',
    );
  });
  it('loses its pods when its Node is deleted, while their containers run on', () => {
    const { cluster } = play();
    const running = cluster.running('n1');
    cluster.drop(node('n1'));
    assert.deepEqual(cluster.list('v1', 'Pod'), []);
    assert.deepEqual(cluster.running('n1'), running);
  });
});

describe('the played kubelet', () => {
  it('runs an ephemeral container, or reports why it cannot', () => {
    const { cluster } = playCluster(['n1']);
    cluster.reality.unpullable.push(/missing/);
    cluster.apply(podOn('a', 'n1'));
    const attach = (name: string, image: string) =>
      cluster.edit(pod('a'), (draft) => {
        const old = listAt(draft.spec, 'ephemeralContainers');
        draft.spec = { ...draft.spec, ephemeralContainers: [...old, { name, image }] };
      });
    attach('probe', 'probe:1');
    const after = attach('other', 'missing:1');
    const [first, second] = listAt(after.status, 'ephemeralContainerStatuses');
    assert.ok('running' in Object(first?.state));
    assert.equal(Object(second?.state).waiting.reason, 'ImagePullBackOff');
  });
  it('kills what no longer has an object, unless the test has made it stubborn', () => {
    const { cluster } = playCluster(['n1']);
    const soft = cluster.apply(podOn('soft', 'n1'));
    const hard = cluster.apply(podOn('hard', 'n1'));
    cluster.reality.stubborn.add(hard.metadata.uid);
    cluster.drop(pod('soft'));
    cluster.drop(pod('hard'));
    assert.deepEqual(cluster.running('n1'), [hard.metadata.uid]);
    assert.notEqual(soft.metadata.uid, hard.metadata.uid);
  });
});
