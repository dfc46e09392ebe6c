import { type EmulatorProcess, startEmulatorProcess } from './process.ts';

/**
 * Starts Google's emulator of Firestore and resolves once it answers. `host` is for FIRESTORE_EMULATOR_HOST. The
 * emulator accepts any project and database, needs no index, and never deletes documents past their `expireAt`.
 */
export const startFirestoreEmulator = (options: { program: string; logFile: string }): Promise<EmulatorProcess> =>
  startEmulatorProcess({ ...options, args: ['start'] });
