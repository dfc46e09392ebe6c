import { cryptominer } from './cryptominer.ts';
import { noisyNeighbour } from './noisy-neighbour.ts';
import { reverseShell } from './reverse-shell.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario, the first one played where none is named. */
export const SCENARIOS: readonly Scenario[] = [cryptominer, noisyNeighbour, reverseShell];
