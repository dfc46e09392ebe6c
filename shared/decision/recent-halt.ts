import { HALT_ID, type HaltRecord } from '../model/records.ts';
import type { DecidePorts } from '../ports.ts';

/** For how long the halt that was read is told of, ms: a storm must not read it for each finding. */
const RECENT_MS = 10_000;

/**
 * The halt as it was read in the last seconds; undefined where none is known, or it cannot be read. Good enough for
 * what people are told, and for nothing else.
 */
export const makeRecentHalt = ({ stores, clock }: Pick<DecidePorts, 'stores' | 'clock'>) => {
  let until = Number.NEGATIVE_INFINITY;
  let known: Promise<HaltRecord | undefined> = Promise.resolve(undefined);
  return (): Promise<HaltRecord | undefined> => {
    const now = clock.now();
    if (now >= until) {
      until = now + RECENT_MS;
      known = stores.halts.get(HALT_ID).catch(() => undefined);
    }
    return known;
  };
};
