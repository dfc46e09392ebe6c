import type { Topic } from '../../shared/model/ids.ts';
import { chanceOf } from './chance.ts';

/** The share of plays in which the clocks of the functions differ, and by how much each may be wrong. */
const SHARE = 0.06;
/** This draw leaves the seeds that are listed for planted bugs as they were. */
const DRAW = 'skew 5';
const MOST_MS = 30_000;
const TOPICS: readonly Topic[] = ['cpu', 'findings', 'requests', 'tick', 'dead-letters', 'containment'];

/** By how many ms the clock of the function that takes a topic is wrong during the whole play. */
export const skewsOf = (seed: number): { isSkewed: boolean; of(topic: Topic): number } => {
  const chance = chanceOf(seed, DRAW);
  const isSkewed = chance.happens(SHARE);
  const skews = new Map(TOPICS.map((topic) => [topic, isSkewed ? chance.between(-MOST_MS, MOST_MS) : 0]));
  return { isSkewed, of: (topic) => skews.get(topic) ?? 0 };
};
