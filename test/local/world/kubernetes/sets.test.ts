import { strict as assert } from 'node:assert';
import { playCluster } from './harness.ts';
import { refOf, template, workload } from './shapes.ts';

describe('the played StatefulSet', () => {
  const play = () => {
    const { cluster } = playCluster();
    const set = cluster.apply(workload('StatefulSet', 'ledger', { replicas: 2, serviceName: 'ledger' }));
    return { cluster, set, names: () => cluster.list('v1', 'Pod', 'shop').map((p) => p.metadata.name) };
  };
  it('numbers its pods, and creates a deleted one again with the same name and another uid', () => {
    const { cluster, names } = play();
    assert.deepEqual(names(), ['ledger-0', 'ledger-1']);
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'ledger-0' };
    const before = cluster.get(ref)?.metadata.uid;
    cluster.drop(ref);
    assert.deepEqual(names(), ['ledger-0', 'ledger-1']);
    assert.notEqual(cluster.get(ref)?.metadata.uid, before);
  });
  it('creates no replacement while a pod that it released still holds the name', () => {
    const { cluster, names } = play();
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'ledger-0' };
    cluster.edit(ref, (draft) => {
      draft.metadata.labels = {};
    });
    assert.deepEqual(names(), ['ledger-0', 'ledger-1']);
    assert.equal(cluster.get(ref)?.metadata.ownerReferences, undefined);
  });
  it('scales down from the highest number', () => {
    const { cluster, set, names } = play();
    cluster.edit(refOf(set), (draft) => {
      draft.spec = { ...draft.spec, replicas: 1 };
    });
    assert.deepEqual(names(), ['ledger-0']);
  });
});

describe('the played DaemonSet', () => {
  const play = () => {
    const { cluster } = playCluster(['n1', 'n2']);
    const set = cluster.apply(workload('DaemonSet', 'agent', {}));
    return {
      cluster,
      set,
      on: () =>
        cluster
          .list('v1', 'Pod', 'shop')
          .map((p) => p.spec?.nodeName)
          .sort(),
    };
  };
  it('has one pod on every node, and creates it again on a cordoned one', () => {
    const { cluster, on } = play();
    assert.deepEqual(on(), ['n1', 'n2']);
    cluster.edit({ apiVersion: 'v1', kind: 'Node', name: 'n1' }, (draft) => {
      draft.spec = { ...draft.spec, unschedulable: true };
    });
    const [first] = cluster.list('v1', 'Pod', 'shop').filter((p) => p.spec?.nodeName === 'n1');
    assert.ok(first);
    cluster.drop(refOf(first));
    assert.deepEqual(on(), ['n1', 'n2']);
    assert.equal(cluster.get(refOf(first)), undefined);
  });
  it('has no pods while no node matches its selector, and has all of them again afterwards', () => {
    const { cluster, set, on } = play();
    const select = (nodeSelector: Record<string, string>) =>
      cluster.edit(refOf(set), (draft) => {
        draft.spec = { ...draft.spec, template: template('agent', { nodeSelector }) };
      });
    select({ 'firebreak.dev/frozen': 'true' });
    assert.deepEqual(on(), []);
    select({});
    assert.deepEqual(on(), ['n1', 'n2']);
  });
});
