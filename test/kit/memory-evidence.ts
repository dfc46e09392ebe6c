import { createHash } from 'node:crypto';
import type { Evidence } from '../../shared/ports.ts';
import { checkKeyPrefix, segmentsOf } from '../../shared/store/keys.ts';

/** Evidence in the memory of this process. Bodies are copied in and out, so that no caller can change a stored one. */
export const makeMemoryEvidence = (): Evidence => {
  const bodies = new Map<string, Buffer>();
  return {
    put: async (key, body) => {
      segmentsOf(key);
      const found = bodies.get(key);
      const stored = found ?? Buffer.from(body);
      if (found === undefined) bodies.set(key, stored);
      const sha256 = createHash('sha256').update(stored).digest('hex');
      return { key, sha256, size: stored.length, existed: found !== undefined };
    },
    get: async (key) => {
      segmentsOf(key);
      const found = bodies.get(key);
      return found === undefined ? undefined : Buffer.from(found);
    },
    list: async (prefix) => {
      checkKeyPrefix(prefix);
      return [...bodies.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
  };
};
