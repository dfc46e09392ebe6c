import type { Transition } from '../../local/world/log.ts';
import { CONTAIN, type Kit } from '../kit/containment.ts';

/** Whether a group deletes a VM at this time because we told it to: it does so after a fixed time. */
const isOrdered = ({ world }: Kit, { at, actor, verb }: Transition): boolean =>
  actor === CONTAIN ||
  (verb === 'deleteInstance' &&
    world.log
      .by(CONTAIN)
      .some((t) => t.verb === 'deleteInstances' && t.at + world.compute.state.durations.group === at));

/**
 * Watches the disks that go with a VM which we delete. Gives those that had no READY snapshot, where `isGated` says
 * that the VM's disks must be safe first.
 */
export const watchDisks = (kit: Kit, isGated: (machine: string) => boolean): ((t: Transition) => string[]) => {
  /** The VM that we delete at this moment: its disks follow it in the log. */
  let machine: string | undefined;
  return (t) => {
    const { verb, object, uid, change } = t;
    if (object.startsWith('instances ') && change.presence?.to === 'absent')
      machine = isOrdered(kit, t) ? uid : undefined;
    if (verb !== 'autoDelete' || machine === undefined || !isGated(machine)) return [];
    const { snapshots } = kit.world.compute.state;
    const [, disk = ''] = object.split('/');
    const isKept = [...snapshots.values()].some((s) => s.sourceDisk?.endsWith(`/${disk}`) && s.status === 'READY');
    return isKept ? [] : [object];
  };
};
