import type { Transition } from '../../local/world/log.ts';
import { suspectsOf } from '../../shared/decision/suspects.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { hostsOf, type Subject } from '../../shared/model/subject.ts';
import { msOf } from '../../shared/model/time.ts';
import { CONTAIN, type Kit } from '../kit/containment.ts';

/** By how much the clock of the process that opened an incident may have been ahead. */
const AHEAD_MS = 3 * 60_000;

/** Whether a snapshot was made after the first finding, or after the request that opened the incident. */
const showsWhatHappened = ({ creationTimestamp }: { creationTimestamp: string }, i: Incident): boolean =>
  Date.parse(creationTimestamp) >= Math.min(msOf(i.summary.firstAt ?? i.openedAt), msOf(i.openedAt) - AHEAD_MS);

/**
 * Disks of an incident's nodes without a READY snapshot of what happened. A VM that is gone has no disk to keep.
 * `isKnown`: whether the run can have known of a subject by now.
 */
export const unsafeDisks = ({ world }: Kit, incident: Incident, isKnown: (subject: Subject) => boolean): string[] => {
  const { instances, snapshots } = world.compute.state;
  const about = suspectsOf(incident).filter(isKnown);
  const ids = new Set(about.flatMap(hostsOf).map(({ id }) => id));
  const disks = [...instances.values()].filter((vm) => ids.has(vm.id)).flatMap((vm) => vm.disks);
  return disks.flatMap(({ source, type }) => {
    if (source === undefined || type === 'SCRATCH') return [];
    const kept = [...snapshots.values()].some(
      (s) => s.sourceDisk === source && s.status === 'READY' && showsWhatHappened(s, incident),
    );
    return kept ? [] : [source.split('/').at(-1) ?? source];
  });
};

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
