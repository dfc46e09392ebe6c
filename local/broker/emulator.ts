import { setTimeout as sleep } from 'node:timers/promises';
import { PubSub, type Subscription } from '@google-cloud/pubsub';
import { makePubSubBus } from '../../shared/adapters/bus-pubsub.ts';
import { TOPIC_PREFIX, TOPICS } from '../../shared/model/ids.ts';
import type { Bus } from '../../shared/ports.ts';
import { startEmulatorProcess } from '../emulator/process.ts';
import { backoffAfter, type Message, type PushSubscription } from './message.ts';
import { pushPath } from './push.ts';

/** Google's emulator of Pub/Sub as a child process, with the topics created. */
export type Emulator = Bus & {
  project: string;
  /** `127.0.0.1:PORT`, for PUBSUB_EMULATOR_HOST. */
  host: string;
  /** Makes the emulator push, as production does. Its pauses after failed pushes soon grow to several minutes. */
  subscribe(subscription: PushSubscription): Promise<void>;
  /**
   * Creates the subscription and hands its messages to `take` one by one, each again after `backoffAfter` until
   * acknowledged.
   */
  pull(subscription: PushSubscription, take: Take): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Handles one delivery; resolves with the number of failed deliveries of this message so far, 0 if it is acknowledged.
 * Never rejects.
 */
type Take = (message: Message) => Promise<number>;

/** The most deliveries of one subscription in flight, including those that wait for their next attempt. */
const IN_FLIGHT = 20;
/** Ack deadline in seconds. The client extends it as long as a delivery is under way. */
const LEASE_S = 60;

/**
 * Starts the emulator and resolves once its topics exist. The emulator pushes without a bearer token and without
 * `deliveryAttempt`, and accepts any caller: test those with the embedded broker.
 */
export const startEmulator = async (options: {
  program: string;
  project: string;
  logFile: string;
}): Promise<Emulator> => {
  const { project } = options;
  const { host, stop: end } = await startEmulatorProcess({ ...options, args: [] });
  const client = new PubSub({ projectId: project, apiEndpoint: host });
  const bus = makePubSubBus({ project, emulator: host });
  const pulls: Subscription[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(pulls.map((one) => one.close()));
    await Promise.all([client.close(), bus.close()]);
    await end();
  };
  try {
    await Promise.all(TOPICS.map((topic) => client.createTopic(`${TOPIC_PREFIX}${topic}`)));
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return {
    project,
    host,
    publish: bus.publish,
    subscribe: async (subscription) => {
      const { name, topic, endpoint, ackDeadline, minBackoff, maxBackoff } = subscription;
      await client.createSubscription(`${TOPIC_PREFIX}${topic}`, name, {
        pushEndpoint: new URL(pushPath(project, topic), endpoint).href,
        ackDeadlineSeconds: Math.min(600, Math.max(10, Math.ceil(ackDeadline / 1000))),
        retryPolicy: { minimumBackoff: duration(minBackoff), maximumBackoff: duration(maxBackoff) },
        ...deadLetters(project, subscription),
      });
    },
    pull: async (subscription, take) => {
      const { name, topic } = subscription;
      const settings = { ackDeadlineSeconds: LEASE_S, ...deadLetters(project, subscription) };
      await client.createSubscription(`${TOPIC_PREFIX}${topic}`, name, settings);
      const pulled = client.subscription(name, {
        flowControl: { maxMessages: IN_FLIGHT, allowExcessMessages: false },
        closeOptions: { behavior: 'NACK' },
      });
      pulled.on('message', async (message) => {
        const { id, data, attributes, publishTime } = message;
        const shown = {
          messageId: id,
          data: data.toString('base64'),
          attributes,
          publishTime: publishTime.toISOString(),
        };
        const failed = await take(shown);
        if (failed === 0) {
          message.ack();
          return;
        }
        await sleep(backoffAfter(failed, subscription), undefined, { ref: false });
        message.nack();
      });
      // The client reopens a stream that ends. A failure that it cannot repair shows up as messages that do not arrive.
      pulled.on('error', () => undefined);
      pulls.push(pulled);
    },
    stop,
  };
};

const deadLetters = (project: string, { deadLetter, maxAttempts }: PushSubscription) =>
  deadLetter === undefined
    ? {}
    : {
        deadLetterPolicy: {
          deadLetterTopic: `projects/${project}/topics/${TOPIC_PREFIX}${deadLetter}`,
          maxDeliveryAttempts: maxAttempts,
        },
      };

const duration = (ms: number): { seconds: number; nanos: number } => ({
  seconds: Math.floor(ms / 1000),
  nanos: (ms % 1000) * 1_000_000,
});
