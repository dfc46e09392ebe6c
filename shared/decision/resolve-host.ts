import { parseProviderId } from '../compute-url.ts';
import { Denied, sentenceOf, Transient } from '../errors.ts';
import { instanceIdOf } from '../kubernetes/instance-id.ts';
import { isInstanceId } from '../kubernetes/names.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { ComputeReader, Instance, InstanceRef } from '../model/compute.ts';
import type { HostRef } from '../model/subject.ts';
import type { ClusterRef } from '../model/target.ts';
import { msOf, toTime } from '../model/time.ts';
import type { ClusterReader, DecidePorts } from '../ports.ts';
import { plain } from '../text.ts';

/** The ports for resolving targets; they only read. */
export type ResolvePorts = Pick<DecidePorts, 'clusters' | 'stores' | 'clock'> & {
  compute: Pick<ComputeReader, 'instance'>;
};

/** A node with its VM, and what could not be learned, in sentences. */
type ResolvedHost = { host: HostRef; notes: string[] };

const vmOf = async (ports: ResolvePorts, cluster: ClusterRef, ref: InstanceRef): Promise<Instance | string> => {
  try {
    return (await ports.compute.instance(ref)) ?? `its VM ${ref.name} does not exist`;
  } catch (thrown) {
    // VMs of Autopilot are never visible to us. Anywhere else a denial may be a role binding that is still propagating.
    if (thrown instanceof Denied && (await ports.clusters.describe(cluster)).autopilot)
      return `its VM ${ref.name} is not visible on Autopilot`;
    throw thrown instanceof Denied ? new Transient(`the VM ${ref.name} cannot be read: ${sentenceOf(thrown)}`) : thrown;
  }
};

/** Whether a VM was made before a Node registered, by the times that their services give: it is the Node's own VM. */
const isOlder = ({ createdAt }: Instance, { metadata }: KubeObject): boolean => {
  const registered = toTime(metadata.creationTimestamp);
  return registered !== undefined && msOf(createdAt) < msOf(registered);
};

/**
 * The VM of a Node: its instance id is the identity. If no VM can be seen, or not the Node's own (Autopilot, another
 * provider or project, a VM that is gone or was re-created), the Node's UID is used instead, and a note says why. While
 * Compute Engine does not answer, or a quota is used up, the id is taken from the Node, unconfirmed: a pod must not
 * wait for that to be cut off.
 *
 * @throws Transient where the VM should be readable and is not, and the Node does not say its id.
 */
export const resolveHost = async (
  ports: ResolvePorts,
  cluster: ClusterRef,
  node: KubeObject,
): Promise<ResolvedHost> => {
  const { name, uid } = node.metadata;
  const bare = { id: uid, node: name, nodeUid: uid };
  const ref = parseProviderId(String(node.spec?.providerID ?? ''));
  const without = (why: string): ResolvedHost => ({ host: bare, notes: [`node ${name}: ${why}`] });
  if (ref === undefined) return without('it names no Compute Engine VM');
  if (ref.project !== cluster.project) return without(`it names a VM of another project, ${ref.project}`);
  const registered = instanceIdOf(node);
  const named = { ...bare, project: ref.project, zone: ref.zone, instance: ref.name };
  let vm: Instance | string;
  try {
    vm = await vmOf(ports, cluster, ref);
  } catch (thrown) {
    // A node can write anything into its annotations.
    if (!(thrown instanceof Transient) || registered === undefined || !isInstanceId(registered)) throw thrown;
    const note = `node ${name}: the id of its VM is what the node says (${sentenceOf(thrown)})`;
    return { host: { ...named, id: registered, unconfirmed: true }, notes: [note] };
  }
  if (typeof vm === 'string') return without(vm);
  const host = { ...named, id: vm.id };
  if (registered === undefined || registered === vm.id) return { host, notes: [] };
  if (!isOlder(vm, node)) return without(`its VM ${ref.name} was recreated after the node registered`);
  // Whoever holds a node may write anything there, to have its VM left alone.
  const says = `node ${name}: it says that the id of its VM is ${plain(registered, 40)}, which is not that of ${ref.name}`;
  return { host, notes: [`${says}; since that VM is older than the node, what the node says does not count`] };
};

/**
 * Whether a Node still names this host's VM. A VM may be made again for the same Node, and the pods on it live on there.
 * A Node that cannot be read changes nothing: what is known of a pod must not wait for its cluster.
 */
export const isStillOn = async (reader: ClusterReader, { node, nodeUid, id }: HostRef): Promise<boolean> => {
  if (id === nodeUid) return true;
  try {
    const found = await reader.get({ apiVersion: 'v1', kind: 'Node', name: node });
    const registered = found === undefined ? undefined : instanceIdOf(found);
    return registered === undefined || registered === id;
  } catch (thrown) {
    if (thrown instanceof Denied || thrown instanceof Transient) return true;
    throw thrown;
  }
};
