import type { ComputeReader, ComputeWriter, InstanceRef } from '../model/compute.ts';
import type { Clock } from '../ports.ts';
import { type KeptReads, keptReads } from './kept-reads.ts';

type Answer<Read extends keyof ComputeReader> = Awaited<ReturnType<ComputeReader[Read]>>;

const keyOf = ({ project, zone, name }: InstanceRef, nic?: string): string =>
  JSON.stringify([project, zone, name, nic]);

/**
 * The compute ports of one run, which read a VM, the members of its group, the rules on its interfaces and the
 * snapshots of its disks once where several steps look at them within a second: such reads are most of what a run asks
 * of Compute Engine, whose quota counts them. What was read is forgotten as soon as one of our changes may have made it
 * untrue: when a change is sent, when that has answered, and when an operation is looked at. Changes by others are met
 * as before: each change of a VM names its id, and the fingerprint of what it replaces.
 */
export const sharedReads = (
  compute: ComputeReader & ComputeWriter,
  clock: Pick<Clock, 'now'>,
): ComputeReader & ComputeWriter => {
  const vms = keptReads<Answer<'instance'>>(clock);
  const members = keptReads<Answer<'managedInstances'>>(clock);
  const rules = keptReads<Answer<'effectiveFirewalls'>>(clock);
  const snapshots = keptReads<Answer<'snapshotsOf'>>(clock);
  /** A call by which what these reads have kept may become untrue. */
  const forgetting =
    (...reads: ReadonlyArray<Pick<KeptReads<unknown>, 'forget'>>) =>
    <Given extends unknown[], Of>(call: (...given: Given) => Promise<Of>) =>
    async (...given: Given): Promise<Of> => {
      for (const read of reads) read.forget();
      try {
        return await call(...given);
      } finally {
        for (const read of reads) read.forget();
      }
    };
  const changing = forgetting(vms, members, rules);
  const resizing = forgetting(members);
  const ruling = forgetting(rules);
  const keeping = forgetting(snapshots);
  return {
    ...compute,
    instance: async (ref) => vms.ask(keyOf(ref), () => compute.instance(ref)),
    managedInstances: async (group) => members.ask(group, () => compute.managedInstances(group)),
    effectiveFirewalls: async (ref, nic) => rules.ask(keyOf(ref, nic), () => compute.effectiveFirewalls(ref, nic)),
    snapshotsOf: async (disk) =>
      snapshots.ask(JSON.stringify([disk.project, disk.id]), () => compute.snapshotsOf(disk)),
    operation: changing(compute.operation),
    setDiskAutoDelete: changing(compute.setDiskAutoDelete),
    setTags: changing(compute.setTags),
    setMetadata: changing(compute.setMetadata),
    deleteAccessConfig: changing(compute.deleteAccessConfig),
    addAccessConfig: changing(compute.addAccessConfig),
    deleteInstance: changing(compute.deleteInstance),
    abandonInstance: resizing(compute.abandonInstance),
    deleteGroupInstance: changing(compute.deleteGroupInstance),
    createInstance: resizing(compute.createInstance),
    resizeGroup: resizing(compute.resizeGroup),
    insertFirewall: ruling(compute.insertFirewall),
    deleteFirewall: ruling(compute.deleteFirewall),
    createSnapshot: keeping(compute.createSnapshot),
  };
};
