import { setTimeout as sleep } from 'node:timers/promises';
import { Transient } from '../../shared/errors.ts';

const ATTEMPTS = 12;
const PAUSE_MS = 500;

/**
 * Asks an emulator again while it is busy. A function need not do this, as its message comes again; a test that stands
 * beside functions that are killed in the middle of their writes has to.
 *
 * Throws the last Transient, and at once whatever is no Transient.
 */
export const patiently = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (thrown) {
      if (!(thrown instanceof Transient) || attempt === ATTEMPTS) throw thrown;
      await sleep(PAUSE_MS);
    }
  }
};
