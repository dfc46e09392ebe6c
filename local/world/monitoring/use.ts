import { createHash } from 'node:crypto';

/** How many processors something uses at a moment, in ms since the epoch. The same moment gives the same use. */
export type Use = (at: number) => number;

const DAY_MS = 86_400_000;

/** Between -1 and 1, for a minute and a name: chance that can be asked again. */
const jitter = (name: string, at: number): number => {
  const hash = createHash('sha256')
    .update(`${name} ${Math.floor(at / 60_000)}`)
    .digest();
  return hash.readUInt32BE(0) / 2 ** 31 - 1;
};

/** As services are used: little, more by day, never twice the same. */
export const served =
  (name: string, most = 0.2): Use =>
  (at) => {
    const byDay = 0.5 - 0.5 * Math.cos((2 * Math.PI * (at % DAY_MS)) / DAY_MS);
    return Math.max(0.01, most * (0.2 + 0.6 * byDay) * (1 + 0.35 * jitter(name, at)));
  };

/** Evenly at a level, as a miner; before `from` like `before`. */
export const evenly =
  (name: string, of: { level: number; from: number; before: Use }): Use =>
  (at) =>
    at < of.from ? of.before(at) : of.level * (1 + 0.003 * jitter(name, at));
