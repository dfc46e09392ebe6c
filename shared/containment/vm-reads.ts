import type { ComputeReader, ComputeWriter, Instance } from '../model/compute.ts';
import type { Clock } from '../ports.ts';

/** For how long, in ms, a VM that was read need not be read again. Halts may be twice as old (section 5 of the design). */
const FRESH_MS = 1_000;

type Look = { at: number; vm: Promise<Instance | undefined> };

/**
 * The compute ports of one run, which read a VM once where several steps look at it within a second: reads of VMs are
 * most of what a run asks of Compute Engine, whose quota counts them. What was read is forgotten as soon as one of our
 * changes may have made it untrue: when a change of a VM is sent, when that has answered, and when an operation is looked
 * at. Changes by others are met as before: each change of ours names the VM's id, and the fingerprint of what it replaces.
 */
export const sharedVmReads = (
  compute: ComputeReader & ComputeWriter,
  clock: Pick<Clock, 'now'>,
): ComputeReader & ComputeWriter => {
  const looks = new Map<string, Look>();
  const forgetting =
    <Given extends unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      looks.clear();
      try {
        return await call(...given);
      } finally {
        looks.clear();
      }
    };
  return {
    ...compute,
    instance: async (ref) => {
      const key = JSON.stringify([ref.project, ref.zone, ref.name]);
      const known = looks.get(key);
      if (known !== undefined && clock.now() - known.at < FRESH_MS) return known.vm;
      const look = { at: clock.now(), vm: compute.instance(ref) };
      looks.set(key, look);
      look.vm.catch(() => {
        if (looks.get(key) === look) looks.delete(key);
      });
      return look.vm;
    },
    operation: forgetting(compute.operation),
    setDiskAutoDelete: forgetting(compute.setDiskAutoDelete),
    setTags: forgetting(compute.setTags),
    setMetadata: forgetting(compute.setMetadata),
    deleteAccessConfig: forgetting(compute.deleteAccessConfig),
    addAccessConfig: forgetting(compute.addAccessConfig),
    deleteInstance: forgetting(compute.deleteInstance),
    abandonInstance: forgetting(compute.abandonInstance),
    deleteGroupInstance: forgetting(compute.deleteGroupInstance),
  };
};
