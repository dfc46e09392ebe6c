import type { Chance } from './chance.ts';
import type { Given } from './course.ts';
import { allReleased, backlog, closeAtOpening } from './courses-time.ts';
import type { Victim } from './deeds.ts';
import type { Event } from './story.ts';

const PARTS: ReadonlyArray<(given: Given) => Event[]> = [backlog, backlog, closeAtOpening, allReleased];

/** The share of plays that have one of these courses. */
const SHARE = 0.12;

/**
 * Courses about when episodes begin and end. They have a chance of their own, as those of `besideOf`.
 */
export const timelyOf = (victims: readonly Victim[], all: readonly Victim[], chance: Chance): Event[] =>
  chance.happens(SHARE) ? chance.pick(PARTS)({ chance, victims, all }) : [];
