import { PLANTED_AGAIN } from './planted-again.ts';
import { PLANTED_IN_THE_RUN } from './planted-run.ts';
import { PLANTED_IN_WORDS } from './planted-words.ts';

/** One change of the source that makes a bug of a known kind. The text must be there, so that the list stays true. */
export type Change = { file: string; find: string; plant: string };
/** `seed`: one that finds it. The search begins there, and goes through all seeds where that one no longer does. */
export type PlantedBug = { name: string; seed: number; changes: readonly Change[] };

/** Bugs that the simulation must find. */
export const PLANTED: readonly PlantedBug[] = [...PLANTED_IN_THE_RUN, ...PLANTED_IN_WORDS, ...PLANTED_AGAIN];
