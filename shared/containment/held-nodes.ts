import { costOf, isLate, type NodeState, type Wanted } from '../decision/budget.ts';
import type { Spent } from '../model/budget.ts';
import { type Entry, inForce } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import type { ContainPorts } from '../ports.ts';
import { isHeldBeside } from './held-beside.ts';
import { isUnseen } from './order.ts';

type HostPorts = { stores: Pick<ContainPorts['stores'], 'hosts' | 'incidents'> };

/**
 * Whether an entry may have taken its node out of service. Of a node that serves, one that was only begun has not: a
 * halt or an outage may have come before anything was sent, and have lasted longer than the reservation. Nor has a
 * cordon that waits, which it does only where it was denied.
 */
const takesOut = (e: Entry, serves: boolean): boolean =>
  costOf(e.step) === 'node' &&
  inForce(e) &&
  (!serves ||
    (e.step !== 'keep-disks' && (e.state === 'applied' || (e.state === 'pending' && e.step !== 'cordon-node'))));

/**
 * Whether somebody has begun to take a node out of service. No more once its undo has begun: whoever comes now waits
 * until the node is back in service, and then takes it anew.
 */
const isBegun = (host: Host): boolean =>
  host.undoing === undefined && host.journal.some((e) => costOf(e.step) === 'node' && inForce(e));

/**
 * What was done to a node, and who holds it for that: this incident, another one. A closed one does not count: after a
 * close, people may have put the node back.
 */
export type Taken = { uid: string; journal: readonly Entry[]; here: boolean; beside: boolean };

/** What was done to each node that an incident wants to take, and whether those who have begun it hold the node. */
export const takenOf = (ports: HostPorts, { nodes, incident }: Wanted): Promise<Taken[]> =>
  Promise.all(
    nodes.map(async ({ uid }) => {
      const host = await ports.stores.hosts.get(uid);
      if (host === undefined || !isBegun(host))
        return { uid, journal: host?.journal ?? [], here: false, beside: false };
      const here = host.holders.includes(incident);
      return { uid, journal: host.journal, here, beside: await isHeldBeside(ports, host, incident) };
    }),
  );

/** Whether an incident has taken over what was done to a node, and people have put the node back into service since. */
const isPutBack = ({ journal }: Incident, uid: string, serves: boolean): boolean =>
  journal.some((e) => e.host === uid && (isUnseen(e) || e.anew === true)) && serves;

/**
 * The nodes that cost nothing at `now` (ms): one that holds them has taken them out of service already, or has just
 * reserved them. What was reserved long ago and never taken counts from when it is taken, whoever does that.
 */
export const heldOf = (
  incident: Incident,
  taken: readonly Taken[],
  nodes: readonly NodeState[],
  counting: readonly Spent[],
  now: number,
): Set<string> => {
  const reserved = new Set(counting.filter((one) => !isLate(one, now)).map(({ uid }) => uid));
  const held = taken.filter(({ uid, journal, here, beside }) => {
    const serves = nodes.some((node) => node.serves && node.ids.includes(uid));
    const isOut = reserved.has(uid) || journal.some((e) => takesOut(e, serves));
    return isOut && (beside || (here && !isPutBack(incident, uid, serves)));
  });
  return new Set(held.map(({ uid }) => uid));
};
