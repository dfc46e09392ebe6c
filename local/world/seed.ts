import type { ClusterRef } from '../../shared/model/target.ts';
import type { KubeCluster } from './kubernetes/cluster.ts';
import { shopObjects } from './seed-shop.ts';
import { systemObjects } from './seed-system.ts';
import type { World } from './world.ts';

/** The cluster that `seedShop` creates. */
export const SHOP: ClusterRef = { project: 'p1', location: 'europe-west1', cluster: 'c1' };

/** The nodes of its one pool, by zone. */
export const SHOP_NODES = {
  'europe-west1-b': ['gke-c1-pool-1-5f0a1b2c-b1', 'gke-c1-pool-1-5f0a1b2c-b2'],
  'europe-west1-c': ['gke-c1-pool-1-9d8e7f6a-c1', 'gke-c1-pool-1-9d8e7f6a-c2'],
} as const;

export const SHOP_NETWORK = 'projects/p1/global/networks/default';

/** Names of nodes by zone. The names of one zone are one stem with `-xx` behind it, as in a managed instance group. */
type NodesByZone = Readonly<Record<string, readonly string[]>>;

/** Adds a managed instance group for each zone, with the VMs of these nodes; returns the URLs of the groups. */
const addMachines = (world: World, { project, location, cluster }: ClusterRef, nodes: NodesByZone): string[] =>
  Object.entries(nodes).map(([zone, members]) => {
    const base = String(members[0]).slice(0, -3);
    const group = world.compute.addGroup({
      project,
      zone,
      name: `${base}-grp`,
      baseInstanceName: base,
      members: [...members],
      template: {
        tags: [`gke-${cluster}-node`],
        labels: { 'goog-gke-node': '', 'goog-k8s-node-pool-name': 'pool-1' },
        metadata: {
          'cluster-name': cluster,
          'cluster-location': location,
          'gke-nodepool': 'pool-1',
          'kube-env': 'KUBELET_CERT: not-for-evidence\n',
          'enable-oslogin': 'true',
        },
        nics: [{ network: SHOP_NETWORK, accessConfigs: [{ name: 'External NAT' }] }],
        serviceAccounts: [
          {
            email: `${cluster}-nodes@${project}.iam.gserviceaccount.com`,
            scopes: ['https://www.googleapis.com/auth/cloud-platform'],
          },
        ],
      },
    });
    return group.raw.selfLink;
  });

/** Adds a cluster with one pool of these nodes, and these namespaces beside those that every cluster has. */
export const seedCluster = (
  world: World,
  ref: ClusterRef,
  nodes: NodesByZone,
  namespaces: readonly string[],
): KubeCluster => {
  const groups = addMachines(world, ref, nodes);
  const cluster = world.addCluster(ref);
  const pool = {
    name: 'pool-1',
    locations: Object.keys(nodes),
    config: {},
    autoscaling: {},
    instanceGroupUrls: groups,
  };
  Object.assign(cluster.described, { nodePools: [pool] });
  for (const name of ['default', 'kube-system', ...namespaces])
    cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  // The VMs exist already: settling lets them register as nodes before there are pods to schedule.
  cluster.settle();
  return cluster;
};

const addLogs = (cluster: KubeCluster): void => {
  for (const pod of cluster.list('v1', 'Pod')) {
    for (const container of [pod.spec?.containers].flat()) {
      const name = String(Object(container).name);
      const place = `${pod.metadata.namespace}/${pod.metadata.name}/${name}`;
      cluster.reality.logs.set(place, `${pod.metadata.creationTimestamp} ${name} started\n`);
    }
  }
};

/**
 * A shop on one cluster: project p1, europe-west1, cluster c1 with four nodes in two zones. It has a Deployment behind
 * a Service and a disruption budget, a StatefulSet, a DaemonSet, Jobs, single pods, and GKE's own workloads.
 */
export const seedShop = (world: World): KubeCluster => {
  const cluster = seedCluster(world, SHOP, SHOP_NODES, ['shop', 'payments', 'firebreak']);
  for (const object of [...systemObjects(SHOP_NODES), ...shopObjects(SHOP_NODES)]) cluster.apply(object);
  world.settle();
  addLogs(cluster);
  world.monitoring.establish();
  return cluster;
};
