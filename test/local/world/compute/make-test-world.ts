import { createHash } from 'node:crypto';
import { type ComputeWorld, makeComputeWorld } from '../../../../local/world/compute/world.ts';
import { makeWorldLog, type WorldLog } from '../../../../local/world/log.ts';

/** A compute world whose clock only tests move and whose random values are the same in every run. */
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
