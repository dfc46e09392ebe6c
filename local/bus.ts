import { join } from 'node:path';
import type { Bus } from '../shared/ports.ts';
import { type Broker, startBroker } from './broker/broker.ts';
import { startEmulator } from './broker/emulator.ts';
import type { PushSubscription } from './broker/message.ts';
import { makeRelay, type Pushed } from './broker/relay.ts';
import { systemTimer } from './broker/timer.ts';
import { findEmulator } from './emulator/find.ts';

export type BusKind = 'embedded' | 'emulator';

/** The bus of a local stack, whether embedded or the emulator. */
type LocalBus = Bus & {
  /** Origin of the Pub/Sub REST API. */
  address: string;
  /** Environment variables that a function needs to publish. */
  environment: Readonly<Record<string, string>>;
  subscribe(subscription: PushSubscription): Promise<void>;
  /** Resolves once no message is waiting, in flight or due for another attempt. */
  idle(): Promise<void>;
  /** The embedded broker, if it is the bus: for its counters, its history and its faults. */
  broker?: Broker;
  stop(): Promise<void>;
};

type BusOptions = {
  project: string;
  dir: string;
  /** Called with every push if the bus is the emulator; the embedded broker counts by itself. */
  watch?: (pushed: Pushed) => void;
};

/**
 * Starts the bus of a stack.
 *
 * @throws Error that says what is missing, if the emulator is asked for but cannot be used.
 */
export const startBus = async (kind: BusKind, options: BusOptions): Promise<LocalBus> =>
  kind === 'embedded' ? embedded(options) : emulated(options);

const embedded = async ({ project }: BusOptions): Promise<LocalBus> => {
  const broker = await startBroker({ project });
  return {
    publish: broker.publish,
    address: broker.address,
    environment: { FIREBREAK_BUS: `rest:${broker.address}` },
    subscribe: broker.subscribe,
    idle: broker.idle,
    broker,
    stop: broker.stop,
  };
};

const emulated = async ({ project, dir, watch }: BusOptions): Promise<LocalBus> => {
  const found = findEmulator('pubsub', process.env);
  if ('missing' in found) throw new Error(`The Pub/Sub emulator cannot be used: ${found.missing}.`);
  const emulator = await startEmulator({ ...found, project, logFile: join(dir, 'logs', 'pubsub-emulator.log') });
  const relay = makeRelay(project, systemTimer, watch);
  return {
    publish: async (topic, body, attributes) => {
      const id = await emulator.publish(topic, body, attributes);
      relay.expect();
      return relay.idOf(id);
    },
    address: `http://${emulator.host}`,
    environment: { FIREBREAK_BUS: 'pubsub', PUBSUB_EMULATOR_HOST: emulator.host },
    subscribe: (subscription) => emulator.pull(subscription, (message) => relay.push(subscription, message)),
    idle: relay.idle,
    stop: async () => {
      await emulator.stop();
      relay.stop();
    },
  };
};
