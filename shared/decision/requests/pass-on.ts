import { Transient } from '../../errors.ts';
import { updateIncident } from '../../incidents.ts';
import type { Incident } from '../../model/incident.ts';
import type { Stores } from '../../ports.ts';
import { followerOf, isExpired } from '../episode.ts';
import { holdSubjects } from '../hold.ts';
import { withSubjects } from '../merge.ts';
import type { OperatePorts } from './request.ts';

/** The last of the episodes that an episode takes over from, one after the other; itself if it takes over nothing. */
const tailOf = async (stores: Pick<Stores, 'incidents'>, one: Incident, closed: Incident): Promise<Incident> => {
  const { takesOver } = one;
  const next = takesOver === undefined || takesOver === closed.id ? undefined : await stores.incidents.get(takesOver);
  return next === undefined ? one : tailOf(stores, next, closed);
};

/**
 * Makes the next episode take over what the close of an incident leaves, if that episode is open already. If it is over,
 * the one after it does, which takes over along the chain. Only a close in the middle of a release finds one: a release
 * lets the next episode open, before any close, and without a word of what it is to take over. Called with the incident
 * as it is after the close: whoever opens the next episode from then on finds the close, and whoever began before has
 * noted that here. Harmless to repeat.
 *
 * @throws Transient while the next episode is being opened.
 */
export const passOn = async (ports: OperatePorts, closed: Incident): Promise<void> => {
  const follower = closed.followedBy === undefined ? undefined : await followerOf(ports.stores, closed);
  if (follower === undefined) return;
  const { head, later } = follower;
  if (later === undefined && isExpired(head, ports.clock.now())) return;
  if (later === undefined)
    throw new Transient(`incident ${head.incident}, which follows ${closed.id}, is being opened`);
  const tail = await tailOf(ports.stores, later, closed);
  if (tail.takesOver !== undefined) return;
  const now = ports.clock.now();
  // Whoever takes over holds the pods, the one that goes along the chain and the one that it finds this in.
  for (const one of new Set([later, tail])) {
    await holdSubjects(ports.stores, one.id, closed.subjects, one.subjects);
    const passed = (i: Incident): Incident => {
      const held = withSubjects(i, closed.subjects, now);
      return one.id === tail.id && i.takesOver === undefined ? { ...held, takesOver: closed.id } : held;
    };
    await updateIncident(ports, one.id, passed, one);
  }
};
