import { createHash } from 'node:crypto';
import { type ComputeWorld, makeComputeWorld } from '../../../../local/world/compute/world.ts';
import { makeWorldLog, type WorldLog } from '../../../../local/world/log.ts';

/** A world with a clock that stands still until told, and chance that is the same every time. */
export const makeTestWorld = (): { world: ComputeWorld; log: WorldLog; advance(ms: number): void } => {
  let now = Date.UTC(2026, 0, 1);
  let count = 0;
  const log = makeWorldLog();
  const random = () => {
    count += 1;
    return createHash('sha256').update(String(count)).digest('hex').slice(0, 32);
  };
  return {
    world: makeComputeWorld({ now: () => now, random, log }),
    log,
    advance: (ms) => {
      now += ms;
    },
  };
};
