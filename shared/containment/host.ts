import { computeUrl } from '../compute-url.ts';
import { Malformed } from '../errors.ts';
import type { Instance, ManagedInstance, VmRef } from '../model/compute.ts';
import type { EffectiveRule } from '../model/firewall.ts';
import type { HostRef } from '../model/subject.ts';
import type { Captured, StepContext, SubjectOf } from './step.ts';

export type NodeContext = StepContext<SubjectOf<'node'>>;

/** The reference of a host's VM, by instance id; undefined where the VM is out of our reach (Autopilot). */
export const vmOf = (host: HostRef): VmRef | undefined =>
  host.project === undefined || host.zone === undefined || host.instance === undefined
    ? undefined
    : { project: host.project, zone: host.zone, id: host.id };

/**
 * A host's VM as it is now, by instance id; undefined where it is gone, another VM was created under its name, or it is
 * out of our reach.
 *
 * @throws Malformed where the id was never confirmed, and the VM that the Node names has another.
 */
export const instanceById = async (
  { compute }: Pick<StepContext, 'compute'>,
  host: HostRef,
): Promise<Instance | undefined> => {
  const vm = vmOf(host);
  if (vm === undefined) return undefined;
  const { unconfirmed, instance = vm.id } = host;
  const found = await compute.instance({ ...vm, name: unconfirmed === true ? instance : vm.id });
  if (unconfirmed === true && found !== undefined && found.id !== vm.id)
    throw new Malformed(
      `node ${host.node} says that the id of its VM is ${vm.id}, but ${found.name} has ${found.id}: neither is touched`,
    );
  return found?.id === vm.id ? found : undefined;
};

/** The VM of the node that a step is on, as `instanceById` gives it. */
export const instanceOf = (context: NodeContext): Promise<Instance | undefined> =>
  instanceById(context, context.subject.host);

/** The URL of the instance group that created a VM, as its metadata names it; undefined where none did. */
export const createdBy = ({ metadata }: Instance): string | undefined => {
  const group = metadata.items['created-by'];
  return group === '' ? undefined : group;
};

/** The partial URL of a VM, by name, as its group knows it. */
export const instanceUrl = ({ project, zone, name }: Instance): string =>
  computeUrl({ project, zone, collection: 'instances', name });

/** The networks that a VM is in, each once. */
export const networksOf = ({ interfaces }: Instance): string[] => [...new Set(interfaces.map((nic) => nic.network))];

/** The rules that apply to each interface of a VM, in the order of evaluation; undefined where they cannot be read. */
export const effectiveOn = (
  { compute }: Pick<StepContext, 'compute'>,
  { project, zone, id, interfaces }: Instance,
): Promise<Array<{ nic: Instance['interfaces'][number]; rules: readonly EffectiveRule[] | undefined }>> =>
  Promise.all(
    interfaces.map(async (nic) => ({
      nic,
      rules: await compute.effectiveFirewalls({ project, zone, name: id }, nic.name),
    })),
  );

/** The VM as its group lists it, by instance id: another one of its name does not count. A group that is gone has none. */
export const memberOf = async (
  { compute, subject }: NodeContext,
  group: string,
): Promise<ManagedInstance | undefined> =>
  (await compute.managedInstances(group))?.find(({ id }) => id === subject.host.id);

/** Why a step has no VM to work on. `refused`: the VM is out of reach; `gone`: it no longer exists. */
export const noVm = (context: NodeContext): Exclude<Captured, { outcome: 'captured' }> =>
  vmOf(context.subject.host) === undefined
    ? {
        outcome: 'refused',
        because: 'Autopilot manages the VM of this node, so it cannot be reached: only pod-level steps work here',
      }
    : {
        outcome: 'gone',
        because: `VM ${context.subject.host.id} of node ${context.subject.host.node} is gone, or another VM now has its name`,
      };

/** The refusal of a step on a Node that Autopilot manages; undefined where the step may be done. */
export const managedNode = async (
  context: NodeContext,
): Promise<Exclude<Captured, { outcome: 'captured' }> | undefined> =>
  (await context.describe()).autopilot
    ? {
        outcome: 'refused',
        because: 'Autopilot manages this node and would repair a cordoned one: only pod-level steps work here',
      }
    : undefined;

/** The sentence of `noVm`, for steps that find the VM gone after their capture. */
export const goneVm = (context: NodeContext): { outcome: 'gone'; because: string } => ({
  outcome: 'gone',
  because: noVm(context).because,
});
