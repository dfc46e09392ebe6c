import { parseProviderId, regionOf } from '../compute-url.ts';
import { Denied, Malformed, sentenceOf, Transient } from '../errors.ts';
import { isNodeOf } from '../kubernetes/instance-id.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Instance, InstanceRef } from '../model/compute.ts';
import type { ClusterRef } from '../model/target.ts';
import type { ClusterReader } from '../ports.ts';
import { type ResolvePorts, resolveHost } from './resolve-host.ts';

/** The zone of a Node's VM, if it is one of the cluster's region: a Node could name any number of others. */
const zoneOf = ({ spec }: KubeObject, { project, location }: ClusterRef): string | undefined => {
  const ref = parseProviderId(String(spec?.providerID ?? ''));
  if (ref === undefined || ref.project !== project) return undefined;
  const region = regionOf({ zone: ref.zone });
  return region === regionOf({ zone: location }) && region !== ref.zone ? ref.zone : undefined;
};

/**
 * A VM by its id, in one zone; undefined where it is not there, or where there is no such zone. A text: why it may not be
 * read. Rights that are limited to nodes may be so by their names, which an id does not give.
 */
const vmIn = async ({ compute }: ResolvePorts, ref: InstanceRef): Promise<Instance | string | undefined> => {
  try {
    return await compute.instance(ref);
  } catch (thrown) {
    if (thrown instanceof Denied) return sentenceOf(thrown);
    if (thrown instanceof Malformed) return undefined;
    throw thrown;
  }
};

/**
 * The Node of the VM with this id; a text: why it is not known. A Node says the id of its VM in an annotation, into
 * which whoever holds the node may write anything. So a Node that says this id counts once its VM has it, and where
 * none does, the VM is read by its id in the zones of the cluster's nodes: its name is that of its Node.
 *
 * @throws Transient while Compute Engine does not answer and it is not exactly one Node that says this id.
 */
export const nodeOfInstance = async (
  ports: ResolvePorts,
  cluster: ClusterRef,
  reader: ClusterReader,
  id: string,
): Promise<KubeObject | string | undefined> => {
  const saying: KubeObject[] = [];
  const zones = new Set<string>();
  const cut = await reader.each({ apiVersion: 'v1', kind: 'Node' }, (nodes) => {
    for (const node of nodes) {
      if (isNodeOf(node, id)) saying.push(node);
      const zone = zoneOf(node, cluster);
      if (zone !== undefined) zones.add(zone);
    }
  });
  const unconfirmed: KubeObject[] = [];
  for (const node of saying) {
    const { host } = await resolveHost(ports, cluster, node);
    if (host.id !== id) continue;
    if (host.unconfirmed !== true) return node;
    unconfirmed.push(node);
  }
  if (unconfirmed.length > 1)
    throw new Transient(`${unconfirmed.length} nodes say that the id of their VM is ${id}, and no VM can be read`);
  if (unconfirmed[0] !== undefined) return unconfirmed[0];
  let denied: string | undefined;
  for (const zone of zones) {
    const vm = await vmIn(ports, { project: cluster.project, zone, name: id });
    if (typeof vm === 'string') denied = vm;
    else if (vm !== undefined) return reader.get({ apiVersion: 'v1', kind: 'Node', name: vm.name });
  }
  return saying[0] ?? cut ?? denied;
};
