import type { RawFirewall, RawInstance } from './compute/resources.ts';
import { type ComputeState, partial } from './compute/state.ts';
import type { ComputeWorld } from './compute/world.ts';
import type { KubeCluster } from './kubernetes/cluster.ts';
import { nodeFor } from './kubernetes/nodes.ts';
import { textAt } from './kubernetes/objects.ts';

const ACTOR = 'cloud-node-controller';

const metadataOf = (instance: RawInstance, key: string): string | undefined =>
  instance.metadata.items?.find((item) => item.key === key)?.value;

const concerns = (rule: RawFirewall, instance: RawInstance, network: string): boolean => {
  const tags = rule.targetTags ?? [];
  const accounts = rule.targetServiceAccounts ?? [];
  const targeted = tags.length === 0 && accounts.length === 0;
  return (
    !rule.disabled &&
    partial(rule.network) === partial(network) &&
    (targeted ||
      tags.some((tag) => instance.tags.items?.includes(tag)) ||
      accounts.some((email) => instance.serviceAccounts?.some((account) => account.email === email)))
  );
};

/** Whether a VM can still open connections to its control plane. The first egress rule for 0.0.0.0/0 decides. */
export const reachesOut = (state: ComputeState, instance: RawInstance): boolean => {
  if (instance.status !== 'RUNNING') return false;
  const network = instance.networkInterfaces[0]?.network ?? '';
  const [first] = [...state.firewalls.values()]
    .filter((rule) => rule.direction === 'EGRESS' && rule.destinationRanges?.includes('0.0.0.0/0') === true)
    .filter((rule) => concerns(rule, instance, network))
    .sort((a, b) => a.priority - b.priority || (a.denied === undefined ? 1 : 0) - (b.denied === undefined ? 1 : 0));
  return first?.denied === undefined;
};

const placeOf = (instance: RawInstance): { project: string; zone: string } => {
  const [, project = '', , zone = ''] = partial(instance.selfLink).split('/');
  return { project, zone };
};

const register = (cluster: KubeCluster, instance: RawInstance): void => {
  const { project, zone } = placeOf(instance);
  const now = Date.parse(instance.creationTimestamp);
  const address = instance.networkInterfaces[0]?.networkIP ?? '10.132.0.9';
  const pool = metadataOf(instance, 'gke-nodepool') ?? 'pool-1';
  cluster.apply(nodeFor({ project, zone, name: instance.name, pool, instance: instance.id, address, now }), ACTOR);
};

/** A Node whose VM was made again before the Node was deleted: it keeps its UID, and so do the pods on it. */
const takeOn = (cluster: KubeCluster, { name, id }: RawInstance): void => {
  cluster.reality.cut.delete(name);
  cluster.edit(
    { apiVersion: 'v1', kind: 'Node', name },
    ({ metadata }) => Object.assign(metadata.annotations ?? {}, { 'container.googleapis.com/instance_id': id }),
    ACTOR,
  );
};

/**
 * Applies changes of the VMs to their cluster: a VM that can no longer reach out loses its node's connection, one that
 * can again gets it back, a deleted VM removes its Node, and a new VM of the cluster registers as one.
 */
export const followMachines = (compute: ComputeWorld, cluster: KubeCluster): void => {
  compute.settle();
  const mine = [...compute.state.instances.values()].filter(
    (instance) =>
      metadataOf(instance, 'cluster-name') === cluster.ref.cluster &&
      metadataOf(instance, 'cluster-location') === cluster.ref.location &&
      placeOf(instance).project === cluster.ref.project,
  );
  const nodes = cluster.list('v1', 'Node');
  const idOf = (name: string): string | undefined =>
    textAt(
      cluster.get({ apiVersion: 'v1', kind: 'Node', name })?.metadata.annotations,
      'container.googleapis.com/instance_id',
    );
  for (const node of nodes) {
    const instance = mine.find((i) => i.name === node.metadata.name);
    const known = idOf(node.metadata.name);
    if (known === undefined || instance?.id === known) continue;
    if (cluster.reality.remade.has(node.metadata.name)) {
      if (instance === undefined) continue;
      cluster.reality.remade.delete(node.metadata.name);
      takeOn(cluster, instance);
      continue;
    }
    cluster.drop({ apiVersion: 'v1', kind: 'Node', name: node.metadata.name }, ACTOR);
    cluster.reality.cut.delete(node.metadata.name);
    cluster.reality.running.delete(node.metadata.name);
  }
  for (const instance of mine) {
    const out = reachesOut(compute.state, instance);
    const cut = cluster.reality.cut.has(instance.name);
    if (idOf(instance.name) !== instance.id) {
      if (out) register(cluster, instance);
    } else if (!out && !cut) cluster.cutNode(instance.name, 'machine');
    else if (out && cluster.reality.cut.get(instance.name)?.by === 'machine') cluster.reconnectNode(instance.name);
  }
};
