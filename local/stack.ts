import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../shared/adapters/clock.ts';
import { FUNCTIONS, type FunctionName } from '../shared/model/ids.ts';
import { timeOf } from '../shared/model/time.ts';
import type { Bus, Stores } from '../shared/ports.ts';
import { openStores } from '../shared/store/incidents.ts';
import { announce, claimFolder, setAside } from './announce.ts';
import type { Broker } from './broker/broker.ts';
import type { Pushed } from './broker/relay.ts';
import { startTick } from './broker/tick.ts';
import { systemTimer } from './broker/timer.ts';
import { type BusKind, startBus } from './bus.ts';
import { startCloud } from './cloud.ts';
import { type StoreKind, startDatabases } from './databases.ts';
import { type FunctionProcess, startFunction } from './processes.ts';
import { evidenceOf, STORE_OF } from './stores-of.ts';
import { subscriptionsOf } from './subscriptions-of.ts';
import type { World } from './world/world.ts';

/** All of Firebreak on this machine: bus, functions as processes, simulated cloud, stores. */
export type Stack = Bus & {
  project: string;
  /** Folder of databases, evidence, logs and `local.json`. */
  dir: string;
  world: World;
  /** The databases that the functions use. */
  stores: Stores;
  addresses: { bus: string; functions: Partial<Record<FunctionName, string>> };
  /** The embedded broker, if it is the bus. */
  broker?: Broker;
  /** Resolves once no message is waiting, in flight or due for another attempt. */
  idle(): Promise<void>;
  /** Ends a function as a crash would; the stack starts it again. `up` resolves once it is running again. */
  kill(name: FunctionName, signal?: NodeJS.Signals): Promise<void>;
  up(name: FunctionName): Promise<void>;
  /** The process id of a function; it changes with every restart. */
  pid(name: FunctionName): number;
  /** The number of restarts of all functions together. */
  restarts(): number;
  stop(): Promise<void>;
};

export type StackOptions = {
  /** A folder that no other stack uses. */
  dir: string;
  pubsub?: BusKind;
  /** Called with every push if the bus is the emulator. */
  watch?: (pushed: Pushed) => void;
  store?: StoreKind;
  functions?: readonly FunctionName[];
  world?: World;
  /** Paths of the policy file and of the file of rules; default: the shipped ones. */
  policy?: string;
  rules?: string;
  /** ms between ticks; in production a minute. */
  tickMs?: number;
  /** Origin of an OTLP receiver for the functions' spans. */
  otlp?: string;
  /**
   * A folder with the unpacked archive of each function, to run instead of the sources (default: FIREBREAK_FUNCTIONS).
   */
  built?: string | undefined;
  /** Ends the start: what was started already is stopped. */
  signal?: AbortSignal | undefined;
};

const TICK_MS = 2000;
/**
 * Files that belong to one run: the simulated cloud starts anew each time, so they describe a world that no longer
 * exists.
 */
const OF_ONE_RUN = /^((incidents|memory)\.db(-shm|-wal)?|evidence|logs)$/;
const SHIPPED_POLICY = fileURLToPath(new URL('../config/policy.yaml', import.meta.url));
const SHIPPED_RULES = fileURLToPath(new URL('../config/rules.yaml', import.meta.url));

/**
 * Starts a stack and resolves once all its parts answer. If a part does not start, the parts already started are
 * stopped again.
 *
 * @throws Error with a sentence, if the folder is taken or a part does not start; the reason of `signal`, if that ends
 * it.
 */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const dir = resolve(options.dir);
  await using parts = new AsyncDisposableStack();
  parts.defer(await claimFolder(dir));
  await setAside(dir, OF_ONE_RUN);

  const cloud = await startCloud(options.world);
  parts.defer(() => cloud.stop());
  const { project } = cloud;
  const databases = await startDatabases(options.store ?? 'sqlite', { project, dir });
  parts.defer(() => databases.stop());
  const { watch, signal } = options;
  const bus = await startBus(options.pubsub ?? 'embedded', { project, dir, ...(watch === undefined ? {} : { watch }) });
  parts.defer(() => bus.stop());

  const policy = options.policy === undefined ? SHIPPED_POLICY : resolve(options.policy);
  const rules = options.rules === undefined ? SHIPPED_RULES : resolve(options.rules);
  const environmentOf = (name: FunctionName): Record<string, string> => ({
    FIREBREAK_PROJECT: project,
    ...bus.environment,
    ...STORE_OF[name](databases, dir),
    ...cloud.environmentOf(name),
    FIREBREAK_POLICY: policy,
    FIREBREAK_RULES: rules,
    ...(options.otlp === undefined ? {} : { FIREBREAK_OTLP_ENDPOINT: options.otlp }),
  });
  const functions = new Map<FunctionName, FunctionProcess>();
  parts.defer(async () => {
    await Promise.all([...functions.values()].map((one) => one.stop()));
  });
  const starts = await Promise.allSettled(
    (options.functions ?? FUNCTIONS).map(async (name) => {
      const source = sourceOf(name, options.built ?? process.env.FIREBREAK_FUNCTIONS);
      const logFile = join(dir, 'logs', `${name}.log`);
      functions.set(name, await startFunction({ name, source, env: environmentOf(name), logFile, signal }));
    }),
  );
  // Wait for all starts to succeed or fail: a function that starts after another has failed must be stopped too.
  signal?.throwIfAborted();
  for (const start of starts) if (start.status === 'rejected') throw start.reason;
  for (const [name, { address }] of functions) {
    for (const subscription of subscriptionsOf(name, address)) await bus.subscribe(subscription);
  }
  const addresses = Object.fromEntries(
    FUNCTIONS.flatMap((name) => {
      const found = functions.get(name);
      return found === undefined ? [] : [[name, found.address]];
    }),
  );
  parts.defer(startTick(bus, systemTimer, options.tickMs ?? TICK_MS));
  parts.defer(
    await announce(dir, {
      project,
      bus: bus.address,
      store: databases.path,
      evidence: evidenceOf(dir),
      ...consoleAt(functions),
      functions: addresses,
      policy,
      rules,
      pid: process.pid,
      startedAt: timeOf(systemClock.now()),
    }),
  );

  const running = parts.move();
  const need = (name: FunctionName): FunctionProcess => {
    const found = functions.get(name);
    if (found === undefined) throw new Error(`${name} is not part of this stack`);
    return found;
  };
  return {
    project,
    dir,
    world: cloud.world,
    stores: openStores({ raw: databases.incidents, clock: systemClock }),
    addresses: { bus: bus.address, functions: addresses },
    ...(bus.broker === undefined ? {} : { broker: bus.broker }),
    publish: bus.publish,
    idle: bus.idle,
    kill: (name, signal = 'SIGKILL') => need(name).kill(signal),
    up: (name) => need(name).up(),
    pid: (name) => need(name).pid(),
    restarts: () => [...functions.values()].reduce((sum, one) => sum + one.restarts(), 0),
    stop: () => running.disposeAsync(),
  };
};

/** The address of the console, if it is part of the stack. */
const consoleAt = (functions: ReadonlyMap<FunctionName, FunctionProcess>): { console?: string } => {
  const found = functions.get('console');
  return found === undefined ? {} : { console: found.address };
};

/** Path of a function's package as deployed, or of its module in the sources. */
const sourceOf = (name: FunctionName, built: string | undefined): string =>
  built === undefined || built === ''
    ? fileURLToPath(new URL(`../functions/${name}/index.ts`, import.meta.url))
    : resolve(built, name);
