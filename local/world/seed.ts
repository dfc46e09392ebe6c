import type { ClusterRef } from '../../shared/model/target.ts';
import type { KubeCluster } from './kubernetes/cluster.ts';
import type { Draft } from './kubernetes/store.ts';
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

const addMachines = (world: World): string[] =>
  Object.entries(SHOP_NODES).map(([zone, members]) => {
    const base = String(members[0]).slice(0, -3);
    const group = world.compute.addGroup({
      project: SHOP.project,
      zone,
      name: `${base}-grp`,
      baseInstanceName: base,
      members: [...members],
      template: {
        tags: ['gke-c1-node'],
        labels: { 'goog-gke-node': '' },
        metadata: {
          'cluster-name': SHOP.cluster,
          'cluster-location': SHOP.location,
          'gke-nodepool': 'pool-1',
          'kube-env': 'KUBELET_CERT: not-for-evidence\n',
          'enable-oslogin': 'true',
        },
        nics: [{ network: SHOP_NETWORK, accessConfigs: [{ name: 'External NAT' }] }],
        serviceAccounts: [
          { email: 'c1-nodes@p1.iam.gserviceaccount.com', scopes: ['https://www.googleapis.com/auth/cloud-platform'] },
        ],
      },
    });
    return group.raw.selfLink;
  });

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
  const groups = addMachines(world);
  const cluster = world.addCluster(SHOP);
  const pool = {
    name: 'pool-1',
    locations: Object.keys(SHOP_NODES),
    config: {},
    autoscaling: {},
    instanceGroupUrls: groups,
  };
  Object.assign(cluster.described, { nodePools: [pool] });
  const apply = (objects: ReadonlyArray<Draft & { apiVersion: string; kind: string }>): void => {
    for (const object of objects) cluster.apply(object);
  };
  apply(
    ['default', 'kube-system', 'shop', 'payments', 'firebreak'].map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    })),
  );
  // The VMs exist already: settling lets them register as nodes before there are pods to schedule.
  cluster.settle();
  apply(systemObjects(SHOP_NODES));
  apply(shopObjects(SHOP_NODES));
  world.settle();
  addLogs(cluster);
  world.monitoring.establish();
  return cluster;
};
