import { PLANTED_AGAIN } from './planted-again.ts';
import { PLANTED_IN_PROMISES } from './planted-promises.ts';
import { PLANTED_IN_THE_RUN } from './planted-run.ts';
import { PLANTED_IN_WORDS } from './planted-words.ts';

/** A change of the source that makes a bug of a known kind. The test fails if `find` is no longer in the file. */
export type Change = { file: string; find: string; plant: string };
/**
 * `seed`: one that finds the bug. The search begins there, and goes through all seeds if that one no longer finds it.
 */
export type PlantedBug = { name: string; seed: number; changes: readonly Change[] };

/** Bugs that the simulation must find. */
export const PLANTED: readonly PlantedBug[] = [
  ...PLANTED_IN_THE_RUN,
  ...PLANTED_IN_WORDS,
  ...PLANTED_AGAIN,
  ...PLANTED_IN_PROMISES,
];
