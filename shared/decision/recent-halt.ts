import { makeJoined } from '../joined.ts';
import { HALT_ID, type HaltRecord } from '../model/records.ts';
import type { DecidePorts } from '../ports.ts';
import { makeRecent } from '../recent.ts';

/** For how long the halt that was read is told of, ms: a storm must not read it for each finding. */
const RECENT_MS = 10_000;

/**
 * The halt as it was read in the last seconds; undefined where none is known, or it cannot be read. Good enough for
 * what people are told, and for nothing else.
 */
export const makeRecentHalt = ({ stores, clock }: Pick<DecidePorts, 'stores' | 'clock'>) => {
  const joined = makeJoined<HaltRecord | undefined>();
  const recent = makeRecent<HaltRecord | undefined>({
    now: clock.now,
    keptMs: RECENT_MS,
    most: 1,
    isWhole: () => true,
  });
  const read = () => stores.halts.get(HALT_ID).catch(() => undefined);
  return () => joined(HALT_ID, () => recent(HALT_ID, Number.NEGATIVE_INFINITY, read));
};
