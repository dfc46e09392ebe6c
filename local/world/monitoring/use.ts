import { hash } from 'node:crypto';

/** CPU use in processors at a time in ms since the epoch. The same time always gives the same use. */
export type Use = (at: number) => number;

const DAY_MS = 86_400_000;

/** A number between -1 and 1 that looks random, but is always the same for the same name and minute. */
const jitter = (name: string, at: number): number => {
  const bytes = hash('sha256', `${name} ${Math.floor(at / 60_000)}`, 'buffer');
  return bytes.readUInt32BE(0) / 2 ** 31 - 1;
};

/** CPU use of a typical service: low, higher by day, never twice the same. */
export const served =
  (name: string): Use =>
  (at) => {
    const byDay = 0.5 - 0.5 * Math.cos((2 * Math.PI * (at % DAY_MS)) / DAY_MS);
    return Math.max(0.01, 0.2 * (0.2 + 0.6 * byDay) * (1 + 0.35 * jitter(name, at)));
  };

/** Even CPU use at a level, as a miner causes; before `from`, the use given by `before`. */
export const evenly =
  (name: string, of: { level: number; from: number; before: Use }): Use =>
  (at) =>
    at < of.from ? of.before(at) : of.level * (1 + 0.003 * jitter(name, at));
