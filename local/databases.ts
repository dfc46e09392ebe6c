import { join } from 'node:path';
import { systemClock } from '../shared/adapters/clock.ts';
import { makeSqliteStore } from '../shared/adapters/store-sqlite.ts';
import type { RawStore } from '../shared/store/raw.ts';
import { findEmulator } from './emulator/find.ts';
import { startFirestoreEmulator } from './emulator/firestore.ts';

export type StoreKind = 'sqlite' | 'firestore';

/** The two databases of a local stack. */
export type Databases = {
  /** The `incidents` database, opened for the stack itself. */
  incidents: RawStore;
  /** Environment variables that a function needs to open each database. */
  environment: Readonly<Record<'incidents' | 'memory', Record<string, string>>>;
  /** Path of the incidents' file; no file exists there if incidents are kept in the emulator. */
  path: string;
  stop(): Promise<void>;
};

/**
 * Opens the databases of a stack: files in its folder, or Google's emulator of Firestore.
 *
 * @throws Error that says what is missing, if the emulator is asked for but cannot be used.
 */
export const startDatabases = (kind: StoreKind, options: { project: string; dir: string }): Promise<Databases> =>
  kind === 'sqlite' ? files(options) : emulated(options);

const pathOf = (dir: string): string => join(dir, 'incidents.db');

/** Databases as files. The simulated world ends with this process, so commits need not survive a power cut. */
const files = async ({ dir }: { dir: string }): Promise<Databases> => {
  const path = pathOf(dir);
  const synchronous = 'normal';
  const incidents = makeSqliteStore({ path, synchronous, now: systemClock.now });
  const settingOf = (file: string): string => `sqlite:${file}?synchronous=${synchronous}`;
  return {
    incidents,
    environment: {
      incidents: { FIREBREAK_STORE: settingOf(path) },
      memory: { FIREBREAK_MEMORY_STORE: settingOf(join(dir, 'memory.db')) },
    },
    path,
    stop: async () => incidents.close(),
  };
};

const emulated = async ({ project, dir }: { project: string; dir: string }): Promise<Databases> => {
  const found = findEmulator('firestore', process.env);
  if ('missing' in found) throw new Error(`The Firestore emulator cannot be used: ${found.missing}.`);
  const emulator = await startFirestoreEmulator({ ...found, logFile: join(dir, 'logs', 'firestore-emulator.log') });
  const { makeFirestoreStore } = await import('../shared/adapters/store-firestore.ts');
  const incidents = makeFirestoreStore({ project, database: 'incidents', emulator: emulator.host });
  const at = { FIRESTORE_EMULATOR_HOST: emulator.host };
  return {
    incidents,
    environment: {
      incidents: { ...at, FIREBREAK_STORE: 'firestore:incidents' },
      memory: { ...at, FIREBREAK_MEMORY_STORE: 'firestore:memory' },
    },
    path: pathOf(dir),
    stop: async () => {
      await incidents.close();
      await emulator.stop();
    },
  };
};
