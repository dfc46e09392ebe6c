import { parseProviderId } from '../compute-url.ts';
import { Denied, sentenceOf, Transient } from '../errors.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { ComputeReader, Instance, InstanceRef } from '../model/compute.ts';
import type { HostRef } from '../model/subject.ts';
import type { ClusterRef } from '../model/target.ts';
import type { DecidePorts } from '../ports.ts';

/** What resolving reads: nothing that changes anything. */
export type ResolvePorts = Pick<DecidePorts, 'clusters' | 'stores' | 'clock'> & {
  compute: Pick<ComputeReader, 'instance'>;
};

/** A node with its VM, and what could not be learned, in sentences. */
export type ResolvedHost = { host: HostRef; notes: string[] };

/** The annotation in which GKE names the VM that a Node was registered for. */
const INSTANCE_ID = 'container.googleapis.com/instance_id';

const vmOf = async (ports: ResolvePorts, cluster: ClusterRef, ref: InstanceRef): Promise<Instance | string> => {
  try {
    return (await ports.compute.instance(ref)) ?? `its VM ${ref.name} does not exist`;
  } catch (thrown) {
    // Autopilot's VMs are not ours to see, which is no fault; anywhere else a no may be a role that is still spreading.
    if (thrown instanceof Denied && (await ports.clusters.describe(cluster)).autopilot)
      return `its VM ${ref.name} is not visible on Autopilot`;
    throw thrown instanceof Denied ? new Transient(`the VM ${ref.name} cannot be read: ${sentenceOf(thrown)}`) : thrown;
  }
};

/**
 * The VM under a Node: its instance id is the identity. Where there is none to see (Autopilot, another provider, a VM
 * that is gone) the Node's UID stands in, and a sentence says so.
 *
 * @throws Transient where the VM should be readable and is not.
 */
export const resolveHost = async (
  ports: ResolvePorts,
  cluster: ClusterRef,
  node: KubeObject,
): Promise<ResolvedHost> => {
  const { name, uid, annotations } = node.metadata;
  const bare = { id: uid, node: name, nodeUid: uid };
  const ref = parseProviderId(String(node.spec?.providerID ?? ''));
  const without = (why: string): ResolvedHost => ({ host: bare, notes: [`node ${name}: ${why}`] });
  if (ref === undefined) return without('it names no Compute Engine VM');
  if (ref.project !== cluster.project) return without(`it names a VM of another project, ${ref.project}`);
  const vm = await vmOf(ports, cluster, ref);
  if (typeof vm === 'string') return without(vm);
  const registered = annotations?.[INSTANCE_ID];
  if (registered !== undefined && registered !== vm.id)
    return without(`its VM ${ref.name} was recreated after the node registered`);
  return { host: { ...bare, id: vm.id, project: ref.project, zone: ref.zone, instance: ref.name }, notes: [] };
};

/** Whether a Node is known by this id: its UID, or the instance id of its VM. */
export const isNodeOf = (node: KubeObject, id: string): boolean =>
  node.metadata.uid === id || node.metadata.annotations?.[INSTANCE_ID] === id;
