import { strict as assert } from 'node:assert';
import type { Obj } from '../../../../local/world/kubernetes/objects.ts';
import { playCluster } from './harness.ts';
import { refOf, service, template, workload } from './shapes.ts';

describe('the played Deployment', () => {
  const play = () => {
    const played = playCluster(['n1', 'n2', 'n3']);
    const { cluster } = played;
    const deployment = cluster.apply(workload('Deployment', 'cart', { replicas: 3 }));
    cluster.apply(service('cart'));
    const pods = () => cluster.list('v1', 'Pod', 'shop');
    const addresses = () =>
      cluster
        .list('discovery.k8s.io/v1', 'EndpointSlice', 'shop')
        .flatMap((s) => s.endpoints as Array<{ targetRef: { name: string } }>);
    return {
      ...played,
      deployment,
      pods,
      endpoints: () =>
        addresses()
          .map((e) => e.targetRef.name)
          .sort(),
    };
  };
  const quarantine = (draft: Obj) => {
    draft.metadata.labels = { quarantine: 'true' };
  };

  it('spreads its pods over the nodes, each Ready and behind the Service', () => {
    const { pods, endpoints } = play();
    assert.deepEqual(new Set(pods().map((p) => p.spec?.nodeName)), new Set(['n1', 'n2', 'n3']));
    assert.ok(pods().every((p) => p.status?.phase === 'Running'));
    assert.deepEqual(
      endpoints(),
      pods()
        .map((p) => p.metadata.name)
        .sort(),
    );
  });

  it('releases a pod whose labels no longer match, and creates another in its place', () => {
    const { cluster, pods, endpoints } = play();
    const [taken] = pods();
    assert.ok(taken);
    cluster.edit(refOf(taken), quarantine);
    const after = cluster.get(refOf(taken));
    assert.equal(after?.metadata.uid, taken.metadata.uid);
    assert.equal(after?.metadata.ownerReferences, undefined);
    assert.equal(after?.status?.phase, 'Running');
    assert.equal(pods().length, 4);
    assert.equal(endpoints().length, 3);
    assert.ok(!endpoints().includes(taken.metadata.name));
  });

  it('adopts a pod again once its labels match, and deletes the youngest surplus pod', () => {
    const { cluster, pods, endpoints, pass } = play();
    const [taken] = pods();
    assert.ok(taken);
    pass(60_000);
    cluster.edit(refOf(taken), quarantine);
    const replacement = pods().find((p) => p.metadata.creationTimestamp !== taken.metadata.creationTimestamp);
    cluster.edit(refOf(taken), (draft) => {
      draft.metadata.labels = taken.metadata.labels;
    });
    assert.equal(pods().length, 3);
    assert.equal(cluster.get(refOf(taken))?.metadata.ownerReferences?.[0]?.kind, 'ReplicaSet');
    assert.ok(replacement && cluster.get(refOf(replacement)) === undefined);
    assert.ok(endpoints().includes(taken.metadata.name));
  });

  it('places a replacement elsewhere when a pod is evicted from a cordoned node', () => {
    const { cluster, pods } = play();
    cluster.edit({ apiVersion: 'v1', kind: 'Node', name: 'n1' }, (draft) => {
      draft.spec = { ...draft.spec, unschedulable: true };
    });
    const [taken] = pods().filter((p) => p.spec?.nodeName === 'n1');
    assert.ok(taken);
    const { name, namespace, uid } = taken.metadata;
    const answer = cluster.handle('anyone', {
      method: 'POST',
      path: `/api/v1/namespaces/shop/pods/${name}/eviction`,
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace },
        deleteOptions: { preconditions: { uid } },
      },
    });
    assert.equal(answer.status, 201);
    assert.equal(pods().length, 3);
    assert.ok(pods().every((p) => p.spec?.nodeName !== 'n1'));
  });

  it('runs nothing at 0 replicas, and as many as before when they come back', () => {
    const { cluster, deployment, pods } = play();
    const replicas = (n: number) =>
      cluster.edit(refOf(deployment), (draft) => {
        draft.spec = { ...draft.spec, replicas: n };
      });
    assert.equal(replicas(0).status?.replicas, 0);
    assert.equal(pods().length, 0);
    assert.equal(replicas(3).status?.readyReplicas, 3);
  });

  it('deletes everything that it owns when it is deleted, but not a pod that it released', () => {
    const { cluster, deployment, pods } = play();
    const [taken] = pods();
    assert.ok(taken);
    cluster.edit(refOf(taken), quarantine);
    cluster.drop(refOf(deployment));
    assert.deepEqual(
      pods().map((p) => p.metadata.uid),
      [taken.metadata.uid],
    );
    assert.deepEqual(cluster.list('apps/v1', 'ReplicaSet'), []);
  });

  it('replaces all its pods for a new template', () => {
    const { cluster, deployment, pods } = play();
    const before = new Set(pods().map((p) => p.metadata.uid));
    cluster.edit(refOf(deployment), (draft) => {
      draft.spec = { ...draft.spec, template: template('cart', { priorityClassName: 'high' }) };
    });
    assert.equal(pods().length, 3);
    assert.ok(pods().every((p) => !before.has(p.metadata.uid)));
  });

  it('has ready replicas only after the start time of its pods', () => {
    const { cluster, deployment, pass } = play();
    cluster.reality.podStartMs = 30_000;
    const ready = () => cluster.get(refOf(deployment))?.status?.readyReplicas;
    cluster.edit(refOf(deployment), (draft) => {
      draft.spec = { ...draft.spec, replicas: 4 };
    });
    assert.equal(ready(), 3);
    pass(30_000);
    assert.equal(ready(), 4);
  });
});
