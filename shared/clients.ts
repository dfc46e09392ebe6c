import { systemClock } from './adapters/clock.ts';
import type { ComputeCall } from './adapters/compute-api.ts';
import { makeSpans } from './adapters/spans.ts';
import type { Tokens } from './adapters/tokens.ts';
import type { Config, ConfigWith } from './config.ts';
import type { Malformed, Transient } from './errors.ts';
import type { TracedLog } from './log.ts';
import type { ComputeReader, ComputeWriter } from './model/compute.ts';
import type { FunctionName } from './model/ids.ts';
import { once } from './once.ts';
import type {
  Bus,
  Evidence,
  IdentityVerifier,
  Log,
  LogReader,
  MetricsReader,
  Stores,
  WritableClusters,
} from './ports.ts';
import type { Spans } from './spans.ts';
import type { MemoryStores } from './store/memory.ts';
import type { RawStore } from './store/raw.ts';
import type { StoreSetting } from './store-setting.ts';

/*
 * Makes ports from the settings. A client library is loaded at the first call that needs it: loading one takes longer
 * than the rest of a function's start, and a detector that sees nothing needs none.
 */

/** The verifier of operators' tokens; none where the audience of the tokens is not set. */
export const makeVerifier = async ({
  operatorAudience: audience,
}: Config): Promise<{ verifier?: IdentityVerifier }> => {
  if (audience === undefined) return {};
  const verifier = once(async () => {
    const { makeOperatorIdentity } = await import('./adapters/identity-operators.ts');
    return makeOperatorIdentity({ audience, clock: systemClock });
  });
  return { verifier: { verify: async (token) => (await verifier()).verify(token) } };
};

/** The bus: Pub/Sub or its emulator, or one that answers as Pub/Sub's REST API does. */
export const makeBus = async ({ bus, project, pubsubEmulator: emulator }: ConfigWith<'bus'>): Promise<Bus> => {
  if (bus.kind === 'rest') {
    const { makeRestBus } = await import('./adapters/bus-rest.ts');
    return makeRestBus({ endpoint: bus.endpoint, project });
  }
  const client = once(async () => (await import('./adapters/bus-pubsub.ts')).makePubSubBus({ project, emulator }));
  return { publish: async (...message) => (await client()).publish(...message) };
};

const firestoreStore = ({ project, firestoreEmulator: emulator }: Config, database: string): RawStore => {
  const client = once(async () => {
    const { makeFirestoreStore } = await import('./adapters/store-firestore.ts');
    return makeFirestoreStore({ project, database, emulator });
  });
  return {
    get: async (...row) => (await client()).get(...row),
    put: async (...row) => (await client()).put(...row),
    list: async (...query) => (await client()).list(...query),
    delete: async (...row) => (await client()).delete(...row),
  };
};

const rawStore = async (store: StoreSetting, config: Config): Promise<RawStore> => {
  if (store.kind === 'firestore') return firestoreStore(config, store.database);
  if (store.kind === 'sqlite') {
    const { makeSqliteStore } = await import('./adapters/store-sqlite.ts');
    return makeSqliteStore({ path: store.path, synchronous: store.synchronous, now: systemClock.now });
  }
  const { makeMemoryStore } = await import('./adapters/store-memory.ts');
  return makeMemoryStore({ now: systemClock.now });
};

/** The `memory` database of detectors and notify. */
export const memoryStores = async (config: ConfigWith<'memory'>): Promise<MemoryStores> => {
  const { openMemoryStores } = await import('./store/memory.ts');
  return openMemoryStores({ raw: await rawStore(config.memory, config), clock: systemClock });
};

/**
 * The `incidents` database. `evidence`: where large before-images go; only contain gives it. A document that a listing
 * cannot read is counted in the log, and left out.
 */
export const incidentStores = async (
  config: ConfigWith<'store'>,
  log: TracedLog,
  evidence: Evidence | undefined,
): Promise<Stores> => {
  const { openStores } = await import('./store/incidents.ts');
  const unreadable = (collection: string, id: string, because: Malformed | Transient): void =>
    log.count('unreadable_document', because.message, { collection, id });
  const raw = await rawStore(config.store, config);
  return openStores({ raw, clock: systemClock, unreadable, ...(evidence === undefined ? {} : { evidence }) });
};

/** The evidence: a bucket of Cloud Storage, or a folder of this machine. */
export const makeEvidence = async ({ evidence }: ConfigWith<'evidence'>): Promise<Evidence> => {
  if (evidence.kind === 'folder') {
    const { makeFolderEvidence } = await import('./adapters/evidence-folder.ts');
    return makeFolderEvidence({ root: evidence.path, synchronous: evidence.synchronous });
  }
  const client = once(async () => {
    const [{ makeStorageEvidence }, { openBucket }] = await Promise.all([
      import('./adapters/evidence-storage.ts'),
      import('./adapters/storage-bucket.ts'),
    ]);
    return makeStorageEvidence({ bucket: openBucket(evidence.bucket) });
  });
  return {
    put: async (...exhibit) => (await client()).put(...exhibit),
    get: async (key) => (await client()).get(key),
    list: async (prefix) => (await client()).list(prefix),
  };
};

/** The served clusters. With the simulated container API, the path of each API server is below `/clusters/`. */
export const makeCloud = async (config: ConfigWith<'clusters'>): Promise<WritableClusters> => {
  const { clusters: served, containerEndpoint } = config;
  const { makeClusters } = await import('./adapters/clusters.ts');
  return makeClusters({
    served,
    token: accessToken(config),
    now: systemClock.now,
    within: config.network === 'vpc',
    ...(containerEndpoint === undefined
      ? {}
      : {
          containerEndpoint,
          server: ({ project, location, cluster }) => `${containerEndpoint}/clusters/${project}/${location}/${cluster}`,
        }),
  });
};

const simulated = async (endpoint: string, token = '') =>
  (await import('./adapters/google-auth.ts')).standIn(endpoint, token);

/** Compute Engine, or the simulated one where its endpoint is set. Only contain's ports show the writer. */
export const makeComputePort = async ({
  project: projectId,
  computeEndpoint,
  token,
}: Config): Promise<ComputeReader & ComputeWriter> => {
  const { computePorts } = await import('./adapters/compute-ports.ts');
  const client = once(async () => {
    const { makeComputeCall } = await import('./adapters/compute.ts');
    return makeComputeCall({
      projectId,
      ...(computeEndpoint === undefined ? {} : await simulated(computeEndpoint, token)),
    });
  });
  const call: ComputeCall = async (...one) => (await client())(...one);
  return computePorts(call);
};

/** The reader of logs, where there is a service to read from: in production, or a simulated one. */
export const logReader = async (config: ConfigWith<'bus'>): Promise<{ logs?: LogReader }> => {
  const { loggingEndpoint: endpoint } = config;
  if (config.bus.kind !== 'pubsub' && endpoint === undefined) return {};
  const { makeLogReader } = await import('./adapters/logging.ts');
  return { logs: makeLogReader({ token: accessToken(config), ...(endpoint === undefined ? {} : { endpoint }) }) };
};

/** The reader of metrics, where there is a service to read from: in production, or a simulated one. */
export const metricsReader = async (config: ConfigWith<'bus'>): Promise<{ metrics?: MetricsReader }> => {
  const { monitoringEndpoint, project: projectId, token } = config;
  if (config.bus.kind !== 'pubsub' && monitoringEndpoint === undefined) return {};
  const client = once(async () => {
    const { makeMetricsReader } = await import('./adapters/metrics.ts');
    return makeMetricsReader({
      projectId,
      ...(monitoringEndpoint === undefined ? {} : await simulated(monitoringEndpoint, token)),
    });
  });
  return { metrics: { series: async (query) => (await client()).series(query) } };
};

/** Gives the configured token, else one of the identity that the function runs as. */
const accessToken = ({ token }: Config): Tokens => {
  if (token !== undefined) return async () => token;
  const tokens = once(async () => (await import('./adapters/google-auth.ts')).tokensOfIdentity());
  return async (refused) => (await tokens())(refused);
};

/** Sends spans where a receiver is set, and loads OpenTelemetry only then; else only passes ids on, for the log. */
export const makeTracing = async (name: FunctionName, config: Config, log: Log): Promise<Spans> => {
  const { otlpEndpoint: endpoint, project } = config;
  if (endpoint === undefined) return makeSpans();
  const [{ makeOtlpRecorder }, { isGoogleReceiver }] = await Promise.all([
    import('./adapters/spans-otlp.ts'),
    import('./google-receiver.ts'),
  ]);
  const failed = (because: string): void => log.count('spans-unsent', because);
  const token = isGoogleReceiver(endpoint) ? { token: accessToken(config) } : {};
  return makeSpans(makeOtlpRecorder({ endpoint, function: name, project, failed, ...token }));
};
