import { createHash } from 'node:crypto';

/** Seeded chance. The same seed and name give the same numbers, whatever else the run draws. */
export type Chance = {
  /** A number from 0 (included) to 1 (excluded). */
  unit(): number;
  /** Returns true with probability `p`. */
  happens(p: number): boolean;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
};

/** splitmix32, started with a hash of seed and name. */
export const chanceOf = (seed: number, name: string): Chance => {
  let state = createHash('sha256').update(`${seed} ${name}`).digest().readUInt32LE(0);
  const unit = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 4294967296;
  };
  return {
    unit,
    happens: (p) => unit() < p,
    between: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    pick: (from) => {
      const picked = from[Math.floor(unit() * from.length)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
  };
};
