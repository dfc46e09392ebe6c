import { Transient } from '../../errors.ts';
import { updateIncident } from '../../incidents.ts';
import type { Incident } from '../../model/incident.ts';
import { isOver } from '../correlate.ts';
import { followerOf, isExpired } from '../episode.ts';
import { holdSubjects } from '../hold.ts';
import { withSubjects } from '../merge.ts';
import type { OperatePorts } from './request.ts';

/**
 * Makes the next episode take over what the close of an incident leaves, if that episode is open already. Only a close
 * in the middle of a release finds one: a release lets the next episode open, before any close, and without a word of
 * what it is to take over. Called with the incident as it is after the close: whoever opens the next episode from then
 * on finds the close, and whoever began before has noted that here. Harmless to repeat.
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
  const isPassed = (one: Incident): boolean => isOver(one) || one.takesOver !== undefined;
  if (isPassed(later)) return;
  await holdSubjects(ports.stores, later.id, closed.subjects, later.subjects);
  const now = ports.clock.now();
  const passed = (one: Incident): Incident =>
    isPassed(one) ? one : { ...withSubjects(one, closed.subjects, now), takesOver: closed.id };
  await updateIncident(ports, later.id, passed, later);
};
