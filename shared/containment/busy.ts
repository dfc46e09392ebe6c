import { type Entry, isSettled } from '../model/entry.ts';
import { timeOf } from '../model/time.ts';
import { momentText } from '../views/time.ts';
import { type BoundStep, itemOf } from './bound-step.ts';
import type { Hold } from './context.ts';
import { newEntry } from './entry-states.ts';
import type { HostPlace } from './hosts.ts';

/** How long a step waits for a host on which the run of another incident works, before it tries again. */
const BUSY_WAKE_MS = 5_000;

/** The incident's own entry while another incident's run works on the host. */
export const busy = (mine: Entry | undefined, bound: BoundStep, place: HostPlace, hold: Hold, now: number): Entry => {
  const wakeAt = timeOf(now + BUSY_WAKE_MS);
  const because = `another incident's run works on ${place.node}; tried again from ${momentText(wakeAt)}`;
  // `host` is set only if the entry was a copy already: else nothing was begun on the host for this incident.
  const { endedAt, ...known } = mine?.host === undefined ? newEntry(itemOf(bound), hold.goalRev, now) : mine;
  // A held copy keeps its end time: the time since then does not count against the step's time.
  const left = mine === undefined || isSettled(mine) || endedAt === undefined ? {} : { endedAt };
  // The copy of an entry that was begun keeps the revision of its goal: nothing was done under this one yet.
  const rev = mine?.host === undefined ? hold.goalRev : mine.rev;
  return { ...known, ...left, state: 'pending', rev, wakeAt, because };
};
