import { randomFillSync } from 'node:crypto';

const BYTES = 16;

/** Makes 128 random bits in hex, a fresh 4 KB of them at a time: asking the system for each took longer than a read of the store. */
const makeRandom = (): (() => string) => {
  const pool = Buffer.alloc(4096);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += BYTES;
    return pool.toString('hex', used - BYTES, used);
  };
};

/** 128 random bits in hex; no two calls of a process give the same bits of the system. */
export const randomHex = makeRandom();
