import { strict as assert } from 'node:assert';
import { at, listAt, textAt } from '../../../local/world/kubernetes/objects.ts';
import { SHOP_NETWORK, SHOP_NODES, seedShop } from '../../../local/world/seed.ts';
import { makeWorld } from '../../../local/world/world.ts';
import { countedRandom, NOW } from './kubernetes/harness.ts';

const play = () => {
  let now = NOW;
  const world = makeWorld({ now: () => now, random: countedRandom() });
  const cluster = seedShop(world);
  return {
    world,
    cluster,
    pass: (ms: number) => {
      now += ms;
      world.settle();
    },
  };
};
const [first = '', second = ''] = SHOP_NODES['europe-west1-b'];
const readyOf = (cluster: ReturnType<typeof play>['cluster'], name: string) =>
  listAt(cluster.get({ apiVersion: 'v1', kind: 'Node', name })?.status, 'conditions').find((c) => c.type === 'Ready')
    ?.status;

describe('the seeded shop', () => {
  it('starts healthy: every node Ready, every pod Running, every Service with its pods', () => {
    const { cluster } = play();
    assert.equal(cluster.list('v1', 'Node').length, 4);
    assert.ok(cluster.list('v1', 'Node').every((n) => readyOf(cluster, n.metadata.name) === 'True'));
    assert.deepEqual(
      cluster.list('v1', 'Pod').filter((p) => p.status?.phase !== 'Running'),
      [],
    );
    const owners = cluster.list('v1', 'Pod', 'shop').map((p) => p.metadata.ownerReferences?.[0]?.kind ?? 'none');
    assert.deepEqual([...new Set(owners)].sort(), ['DaemonSet', 'Job', 'ReplicaSet', 'none']);
    const [budget] = cluster.list('policy/v1', 'PodDisruptionBudget', 'shop');
    assert.equal(budget?.status?.disruptionsAllowed, 1);
    const slices = cluster.list('discovery.k8s.io/v1', 'EndpointSlice');
    /** The pods behind a Service, without their generated suffixes, and whether each is ready. */
    const behind = (name: string) =>
      slices
        .filter((s) => s.metadata.labels?.['kubernetes.io/service-name'] === name)
        .flatMap((s) => [s.endpoints].flat())
        .map((e) => `${textAt(e, 'targetRef', 'name')?.split('-')[0]} ${at(e, 'conditions', 'ready')}`);
    assert.deepEqual(
      Object.fromEntries(cluster.list('v1', 'Service').map(({ metadata: { name } }) => [name, behind(name)])),
      {
        'kube-dns': ['kube true', 'kube true'],
        cart: ['cart true', 'cart true', 'cart true'],
        ledger: ['ledger true', 'ledger true'],
      },
    );
  });
  it('is the same in every run', () => {
    const uids = () =>
      play()
        .cluster.list('v1', 'Pod')
        .map((p) => p.metadata.uid);
    assert.deepEqual(uids(), uids());
  });
  it('has a VM for each node, found by providerID and instance id', () => {
    const { world, cluster } = play();
    for (const node of cluster.list('v1', 'Node')) {
      const [, , project, zone, name] = String(node.spec?.providerID).split('/');
      const instance = world.compute.state.instances.get(`projects/${project}/zones/${zone}/instances/${name}`);
      assert.equal(node.metadata.annotations?.['container.googleapis.com/instance_id'], instance?.id);
    }
  });
});

describe('machines and their nodes', () => {
  const deny = (world: ReturnType<typeof play>['world']) =>
    world.compute.addFirewall({
      project: 'p1',
      name: 'deny-out',
      network: SHOP_NETWORK,
      direction: 'EGRESS',
      priority: 0,
      denied: [{ IPProtocol: 'all' }],
      destinationRanges: ['0.0.0.0/0'],
      targetTags: ['cut'],
    });
  const tag = (world: ReturnType<typeof play>['world'], name: string, tags: string[]) => {
    const at = { project: 'p1', zone: 'europe-west1-b', instance: name };
    const raw = Object(world.compute.call('anyone', 'Instances.Get', at));
    world.compute.call('anyone', 'Instances.SetTags', {
      ...at,
      tagsResource: { items: ['gke-c1-node', ...tags], fingerprint: raw.tags.fingerprint },
    });
  };
  it('lose contact while a firewall rule denies their egress, and regain it once the tag is gone', () => {
    const { world, cluster, pass } = play();
    deny(world);
    pass(1_000);
    assert.equal(readyOf(cluster, first), 'True');
    tag(world, first, ['cut']);
    pass(5_000);
    assert.equal(readyOf(cluster, first), 'Unknown');
    assert.equal(readyOf(cluster, second), 'True');
    tag(world, first, []);
    pass(5_000);
    assert.equal(readyOf(cluster, first), 'True');
  });
  it('end together: a deleted VM takes its Node and pods along, and its group makes another', () => {
    const { world, cluster, pass } = play();
    const url = `projects/p1/zones/europe-west1-b/instances/${first}`;
    const vm = world.compute.state.instances.get(url)?.id ?? assert.fail();
    const before = cluster.get({ apiVersion: 'v1', kind: 'Node', name: first })?.metadata.uid;
    world.compute.call('anyone', 'Instances.Delete', { project: 'p1', zone: 'europe-west1-b', instance: first });
    pass(60_000);
    const after = cluster.list('v1', 'Node');
    assert.ok(!after.some((n) => n.metadata.uid === before));
    assert.ok(cluster.list('v1', 'Pod').every((p) => after.some((n) => n.metadata.name === p.spec?.nodeName)));
    assert.notEqual(world.compute.state.instances.get(url)?.id ?? vm, vm);
    assert.equal(after.length, 4);
    assert.equal(readyOf(cluster, first), 'True');
  });
});
