import type { Chance } from './chance.ts';
import type { Given } from './course.ts';
import { dryFirst, joinsWhileHeld, oneOfSeveral } from './courses.ts';
import { closeHalfWay, deniedForLong, tightenDuringDrain, tugOfWar } from './courses-back.ts';
import type { Victim } from './deeds.ts';
import type { Event } from './story.ts';

const PARTS: ReadonlyArray<{ share: number; events(given: Given): Event[] }> = [
  { share: 0.05, events: dryFirst },
  { share: 0.06, events: tugOfWar },
  { share: 0.05, events: oneOfSeveral },
  { share: 0.03, events: joinsWhileHeld },
  { share: 0.015, events: deniedForLong },
  { share: 0.02, events: tightenDuringDrain },
  { share: 0.02, events: closeHalfWay },
];

/**
 * Courses of events that some plays have besides their story. Each course has its own probability. Which courses a play
 * has is drawn before their events are drawn.
 */
export const againOf = (victims: readonly Victim[], all: readonly Victim[], chance: Chance): Event[] =>
  PARTS.filter(({ share }) => chance.happens(share)).flatMap(({ events }) => events({ chance, victims, all }));
