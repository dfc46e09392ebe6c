import { existsSync } from 'node:fs';
import { isAlive } from '../local/alive.ts';
import { DATABASES } from '../shared/deployment.ts';
import { Malformed } from '../shared/errors.ts';
import { isProjectId } from '../shared/kubernetes/names.ts';
import type { Bus, Evidence, Stores } from '../shared/ports.ts';
import { Usage } from './arguments.ts';
import type { Io } from './io.ts';
import { tellLeftOut } from './left-out.ts';
import { findLocalFile, type LocalFile } from './local-file.ts';
import { throughProxy } from './proxy.ts';

/** A command's connection to a deployment. `close` releases everything, so that the process can end. */
export type Connection = {
  project: string;
  /** Whether this is the stack on this machine. */
  local: boolean;
  bus: Bus;
  /** Absent if this machine cannot read the incidents. */
  stores?: Pick<Stores, 'incidents' | 'requests' | 'dead' | 'halts' | 'hosts'>;
  /** Place of the evidence, and a reader that is opened at its first use; absent if no setting names a place. */
  evidence?: { at: string; open(): Promise<Pick<Evidence, 'get'>> };
  /** Throws Malformed once the local stack has stopped: what it left behind looks as if nothing happened. */
  assertRunning?(): void;
  close(): Promise<void>;
};
/** With `stopped`, a local stack is connected to also if its process has ended without a word, to find out more. */
export type Connect = (
  io: Pick<Io, 'cwd' | 'env' | 'stderr' | 'setExit'>,
  project?: string,
  options?: { stopped: boolean },
) => Promise<Connection>;

/**
 * Connects to the local stack that `firebreak local` announces, unless another project is named: then to that project's
 * Pub/Sub.
 *
 * Throws Malformed if neither is found or the stack has stopped, and Usage for a text that is no project id.
 */
export const connect: Connect = async (io, project, { stopped } = { stopped: false }) => {
  const local = findLocalFile(io.cwd);
  if (local !== undefined && (project === undefined || project === local.project)) {
    if (!stopped) assertRunning(local);
    return connectLocal(io, local);
  }
  if (project === undefined) {
    throw new Malformed('no local stack found from here: start `firebreak local`, or name a project with --project.');
  }
  if (!isProjectId(project)) throw new Usage(`--project ${JSON.stringify(project)} is not a project id.`);
  return connectProject(io, project);
};

const assertRunning = ({ path, pid }: LocalFile): void => {
  if (pid === undefined || isAlive(pid)) return;
  throw new Malformed(
    `the local stack of ${path} has stopped (process ${pid}): start \`firebreak local\` again, or name a project with --project.`,
  );
};

const connectLocal = async (io: Parameters<Connect>[0], file: LocalFile): Promise<Connection> => {
  const { makeRestBus } = await import('../shared/adapters/bus-rest.ts');
  const bus = makeRestBus({ endpoint: file.bus, project: file.project });
  const at = file.evidence;
  const found = {
    project: file.project,
    local: true,
    bus,
    assertRunning: () => assertRunning(file),
    ...(at === undefined ? {} : { evidence: folderAt(at) }),
  };
  if (!existsSync(file.store)) return { ...found, close: async () => {} };
  const [{ makeSqliteStore }, { openStores }, { systemClock }] = await Promise.all([
    import('../shared/adapters/store-sqlite.ts'),
    import('../shared/store/incidents.ts'),
    import('../shared/adapters/clock.ts'),
  ]);
  const raw = makeSqliteStore({ path: file.store, now: systemClock.now });
  const stores = openStores({ raw, clock: systemClock, unreadable: tellLeftOut(io) });
  return { ...found, stores, close: async () => raw.close() };
};

const folderAt = (at: string): NonNullable<Connection['evidence']> => ({
  at,
  open: async () => (await import('../shared/adapters/evidence-folder.ts')).makeFolderEvidence({ root: at }),
});

/** The bucket that FIREBREAK_EVIDENCE names, read under the operator's own identity. */
const bucketAt = (at: string): NonNullable<Connection['evidence']> => ({
  at,
  open: async () => {
    const [{ makeStorageEvidence }, { openBucket }] = await Promise.all([
      import('../shared/adapters/evidence-storage.ts'),
      import('../shared/adapters/storage-bucket.ts'),
    ]);
    return makeStorageEvidence({ bucket: openBucket(at.slice('gs://'.length)) });
  },
});

const FIRESTORE = 'firestore:';

/** Whether an emulator is used, which needs no credentials. */
const isEmulated = (env: Io['env']): boolean =>
  [env.PUBSUB_EMULATOR_HOST, env.FIRESTORE_EMULATOR_HOST].some((host) => (host ?? '') !== '');

/**
 * Connects to a deployed project under the operator's own identity. Incidents are read from the deployment's Firestore
 * database, or from the one in FIREBREAK_STORE. Whether the operator may read them shows at the first read.
 */
const connectProject = async (io: Parameters<Connect>[0], project: string): Promise<Connection> => {
  const { env } = io;
  const { FIREBREAK_STORE: store, FIREBREAK_EVIDENCE: bucket } = env;
  if (!isEmulated(env)) {
    throughProxy(io);
    await (await import('../shared/adapters/google-operator.ts')).openCredentials();
  }
  const { makePubSubBus } = await import('../shared/adapters/bus-pubsub.ts');
  const bus = makePubSubBus({ project, emulator: env.PUBSUB_EMULATOR_HOST || undefined });
  const evidence = bucket?.startsWith('gs://') === true ? { evidence: bucketAt(bucket) } : {};
  const found = { project, local: false, bus, ...evidence };
  const database = store?.startsWith(FIRESTORE) === true ? store.slice(FIRESTORE.length) : DATABASES.incidents;
  const [{ makeFirestoreStore }, { openStores }, { systemClock }] = await Promise.all([
    import('../shared/adapters/store-firestore.ts'),
    import('../shared/store/incidents.ts'),
    import('../shared/adapters/clock.ts'),
  ]);
  const raw = makeFirestoreStore({ project, database, emulator: env.FIRESTORE_EMULATOR_HOST || undefined });
  const close = async (): Promise<void> => {
    await Promise.all([bus.close(), raw.close()]);
  };
  return { ...found, stores: openStores({ raw, clock: systemClock, unreadable: tellLeftOut(io) }), close };
};
