import type { NodeState } from '../decision/budget.ts';
import { instanceIdOf } from '../kubernetes/instance-id.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Incident } from '../model/incident.ts';
import { type HostRef, hostsOf } from '../model/subject.ts';
import type { ClusterRef } from '../model/target.ts';
import { picked } from '../picked.ts';
import type { ContainPorts } from '../ports.ts';
import { instanceById } from './host.ts';
import { readinessOf } from './node.ts';

type NodePorts = Pick<ContainPorts, 'clusters' | 'compute'>;

const NODES = { apiVersion: 'v1', kind: 'Node' };
const POOL = 'cloud.google.com/gke-nodepool';
const ZONE = 'topology.kubernetes.io/zone';
/** The label by which GKE names the pool of a VM. */
const VM_POOL = 'goog-k8s-node-pool-name';

const stateOf = (node: KubeObject): NodeState => {
  const { metadata, spec } = node;
  const instance = instanceIdOf(node);
  return {
    ids: [metadata.uid, ...(instance === undefined ? [] : [instance])],
    name: metadata.name,
    pool: metadata.labels?.[POOL] ?? '',
    zone: metadata.labels?.[ZONE] ?? '',
    serves: readinessOf(node) === 'True' && spec?.unschedulable !== true,
  };
};

/** The pool that the VM of a host is labelled with; undefined where it cannot be read. */
const poolOf = async (ports: NodePorts, host: HostRef): Promise<string | undefined> => {
  try {
    return (await instanceById(ports, host))?.labels[VM_POOL];
  } catch {
    // The Node's own word counts then, which can hold its isolation back, and never let more go.
    return undefined;
  }
};

/**
 * A node as its VM places it. Its kubelet writes its labels, and whoever holds that could call it the last of a pool or
 * zone of its own. The VM is read only where the label would make it so: in a storm, nothing is read.
 */
const placed = async (
  ports: NodePorts,
  node: NodeState,
  host: HostRef | undefined,
  nodes: readonly NodeState[],
): Promise<NodeState> => {
  if (host?.zone === undefined || host.unconfirmed === true) return node;
  const { zone } = host;
  const hasOthers = nodes.some((o) => o !== node && o.serves && o.pool === node.pool && o.zone === zone);
  return { ...node, zone, pool: (hasOthers ? undefined : await poolOf(ports, host)) ?? node.pool };
};

/** The nodes of a cluster as they are now, those of an incident in the pool and zone of their VM where these are known. */
export const nodesNow = async (ports: NodePorts, cluster: ClusterRef, incident: Incident): Promise<NodeState[]> => {
  const nodes = await picked(ports.clusters.reader(cluster), NODES, (node) => [stateOf(node)]);
  const hosts = incident.subjects.flatMap(hostsOf);
  return Promise.all(
    nodes.map((node) =>
      placed(
        ports,
        node,
        hosts.find(({ nodeUid }) => nodeUid === node.ids[0]),
        nodes,
      ),
    ),
  );
};
