import { randomFillSync } from 'node:crypto';

const BYTES = 16;

/**
 * Makes 128 random bits in hex. Takes 4 KB from the system at a time: one system call per value took longer than a read
 * of the store.
 */
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

/** 128 random bits in hex; each call of a process uses fresh random bytes of the system. */
export const randomHex = makeRandom();
