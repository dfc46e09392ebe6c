import { type EmulatorProcess, startEmulatorProcess } from './process.ts';

/**
 * Starts Google's emulator of Firestore and resolves once it answers. `host` is for FIRESTORE_EMULATOR_HOST. It holds
 * every project and database that is asked of it, needs no index, and never deletes what is past its `expireAt`.
 */
export const startFirestoreEmulator = (options: { program: string; logFile: string }): Promise<EmulatorProcess> =>
  startEmulatorProcess({ ...options, args: ['start'] });
