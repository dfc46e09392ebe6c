import type { Chance } from './chance.ts';
import type { Given } from './course.ts';
import { slowDrain } from './courses-drain.ts';
import { haltedRelease, lastOfZone, rejected, seenAgain, unreadOwners } from './courses-owners.ts';
import { manyWorkloads, stopped, watchedBeside } from './courses-spread.ts';
import type { Victim } from './deeds.ts';
import type { Event } from './story.ts';

const PARTS: ReadonlyArray<(given: Given) => Event[]> = [
  unreadOwners,
  unreadOwners,
  seenAgain,
  rejected,
  lastOfZone,
  stopped,
  stopped,
  watchedBeside,
  manyWorkloads,
  haltedRelease,
  haltedRelease,
  slowDrain,
  slowDrain,
];

/** The share of plays that have one of these courses. */
const SHARE = 0.12;

/**
 * Courses about who owns a pod, what has been answered, and what else is on its node and in its namespace. They have a
 * chance of their own, as those of `besideOf`.
 */
export const furtherOf = (victims: readonly Victim[], all: readonly Victim[], chance: Chance): Event[] =>
  chance.happens(SHARE) ? chance.pick(PARTS)({ chance, victims, all }) : [];
