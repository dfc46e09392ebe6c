import type { Chance } from './chance.ts';
import type { Given } from './course.ts';
import { longHalt, namesMore, undoneByHand } from './courses-hand.ts';
import type { Victim } from './deeds.ts';
import type { Event } from './story.ts';

const PARTS: ReadonlyArray<{ share: number; events(given: Given): Event[] }> = [
  { share: 0.05, events: undoneByHand },
  { share: 0.08, events: namesMore },
  { share: 0.05, events: longHalt },
];

/** More courses of events, with chances of their own, so that the plays without them stay as they are. */
export const moreOf = (victims: readonly Victim[], all: readonly Victim[], chance: Chance): Event[] =>
  PARTS.filter(({ share }) => chance.happens(share)).flatMap(({ events }) => events({ chance, victims, all }));
