import { existsSync } from 'node:fs';
import { Malformed } from '../shared/errors.ts';
import { isProjectId } from '../shared/kubernetes/names.ts';
import type { Bus, Stores } from '../shared/ports.ts';
import type { Io } from './io.ts';
import { findLocalFile, type LocalFile } from './local-file.ts';

/** Where a command publishes and reads. `close` lets the process end. */
export type Connection = {
  project: string;
  /** Whether this is the stack on this machine. */
  local: boolean;
  bus: Bus;
  /** Absent where this machine cannot read the incidents. */
  stores?: Pick<Stores, 'incidents' | 'requests' | 'dead' | 'halts'>;
  close(): Promise<void>;
};
export type Connect = (io: Pick<Io, 'cwd' | 'env'>, project?: string) => Promise<Connection>;

/**
 * The local stack that `firebreak local` announces, unless another project is named: then that project's Pub/Sub.
 *
 * Throws Malformed where neither is found.
 */
export const connect: Connect = async (io, project) => {
  const local = findLocalFile(io.cwd);
  if (local !== undefined && (project === undefined || project === local.project)) return connectLocal(local);
  if (project === undefined) {
    throw new Malformed('no local stack found from here: start `firebreak local`, or name a project with --project.');
  }
  if (!isProjectId(project)) throw new Malformed(`--project ${JSON.stringify(project)} is not a project id.`);
  return connectProject(project, io.env.FIREBREAK_STORE);
};

const connectLocal = async (file: LocalFile): Promise<Connection> => {
  const { makeRestBus } = await import('../shared/adapters/bus-rest.ts');
  const bus = makeRestBus({ endpoint: file.bus, project: file.project });
  const found = { project: file.project, local: true, bus };
  if (!existsSync(file.store)) return { ...found, close: async () => {} };
  const [{ makeSqliteStore }, { openStores }, { systemClock }] = await Promise.all([
    import('../shared/adapters/store-sqlite.ts'),
    import('../shared/store/incidents.ts'),
    import('../shared/adapters/clock.ts'),
  ]);
  const raw = makeSqliteStore({ path: file.store, now: systemClock.now });
  return { ...found, stores: openStores({ raw, clock: systemClock }), close: async () => raw.close() };
};

const FIRESTORE = 'firestore:';

/**
 * A deployed project, under the operator's own identity. Its incidents are read where FIREBREAK_STORE names their
 * Firestore database (`firestore:incidents`): not every operator may.
 */
const connectProject = async (project: string, store: string | undefined): Promise<Connection> => {
  const { makePubSubBus } = await import('../shared/adapters/bus-pubsub.ts');
  const bus = makePubSubBus({ project });
  const found = { project, local: false, bus };
  if (store?.startsWith(FIRESTORE) !== true) return { ...found, close: () => bus.close() };
  const [{ makeFirestoreStore }, { openStores }, { systemClock }] = await Promise.all([
    import('../shared/adapters/store-firestore.ts'),
    import('../shared/store/incidents.ts'),
    import('../shared/adapters/clock.ts'),
  ]);
  const raw = makeFirestoreStore({ project, database: store.slice(FIRESTORE.length) });
  const close = async (): Promise<void> => {
    await Promise.all([bus.close(), raw.close()]);
  };
  return { ...found, stores: openStores({ raw, clock: systemClock }), close };
};
