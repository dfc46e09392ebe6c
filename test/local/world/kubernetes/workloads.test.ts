import { strict as assert } from 'node:assert';
import type { Obj } from '../../../../local/world/kubernetes/objects.ts';
import { playCluster } from './harness.ts';

const template = (app: string, spec = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: app, image: 'shop.example.com/x:1' }], ...spec },
});
const workload = (kind: string, name: string, spec: Record<string, unknown>, podSpec = {}) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: 'shop' },
  spec: { selector: { matchLabels: { app: name } }, template: template(name, podSpec), ...spec },
});
const service = (app: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: app, namespace: 'shop' },
  spec: { selector: { app }, ports: [{ port: 80 }] },
});
const refOf = (o: Obj) => ({ apiVersion: o.apiVersion, kind: o.kind, namespace: 'shop', name: o.metadata.name });

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

  it('runs its pods spread over the nodes, each Ready and behind the Service', () => {
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

  it('lets go of a pod whose labels no longer match, and makes another in its place', () => {
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

  it('adopts it again with its labels, and deletes the youngest of too many', () => {
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

  it('takes everything it owns along when it is deleted, but not a pod that was taken out', () => {
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

  it('makes a new set of pods for a new template', () => {
    const { cluster, deployment, pods } = play();
    const before = new Set(pods().map((p) => p.metadata.uid));
    cluster.edit(refOf(deployment), (draft) => {
      draft.spec = { ...draft.spec, template: template('cart', { priorityClassName: 'high' }) };
    });
    assert.equal(pods().length, 3);
    assert.ok(pods().every((p) => !before.has(p.metadata.uid)));
  });

  it('waits with readiness for as long as pods take to start', () => {
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

describe('the played StatefulSet', () => {
  const play = () => {
    const { cluster } = playCluster();
    const set = cluster.apply(workload('StatefulSet', 'ledger', { replicas: 2, serviceName: 'ledger' }));
    return { cluster, set, names: () => cluster.list('v1', 'Pod', 'shop').map((p) => p.metadata.name) };
  };
  it('makes pods by number, again under the same name but with another uid', () => {
    const { cluster, names } = play();
    assert.deepEqual(names(), ['ledger-0', 'ledger-1']);
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'ledger-0' };
    const before = cluster.get(ref)?.metadata.uid;
    cluster.drop(ref);
    assert.deepEqual(names(), ['ledger-0', 'ledger-1']);
    assert.notEqual(cluster.get(ref)?.metadata.uid, before);
  });
  it('cannot make a pod while one that it let go of holds the name', () => {
    const { cluster, names } = play();
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'ledger-0' };
    cluster.edit(ref, (draft) => {
      draft.metadata.labels = {};
    });
    assert.deepEqual(names(), ['ledger-0', 'ledger-1']);
    assert.equal(cluster.get(ref)?.metadata.ownerReferences, undefined);
  });
  it('shrinks from the highest number', () => {
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
  it('has one pod on every node, made again at once on a cordoned one', () => {
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
  it('has none where no node matches its selector, and all of them when it is taken back', () => {
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
  it('is complete once its pod has succeeded, by a program that a test plays', () => {
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
  it('of a namespace takes its contents along and refuses new ones meanwhile', () => {
    const { cluster } = playCluster();
    cluster.apply(workload('Deployment', 'cart', { replicas: 1 }));
    cluster.drop({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' });
    assert.equal(cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }), undefined);
    assert.deepEqual(cluster.list('v1', 'Pod'), []);
  });
  it('in the foreground waits for what is owned; orphaning leaves it', () => {
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
  it('of a static pod does not last', () => {
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
