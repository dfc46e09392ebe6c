import { PubSub } from '@google-cloud/pubsub';
import { makePubSubBus } from '../../shared/adapters/bus-pubsub.ts';
import { TOPIC_PREFIX, TOPICS } from '../../shared/model/ids.ts';
import type { Bus } from '../../shared/ports.ts';
import { startEmulatorProcess } from '../emulator/process.ts';
import type { PushSubscription } from './message.ts';
import { pushPath } from './push.ts';

/** Google's emulator of Pub/Sub, as a process of ours, with the topics made. */
export type Emulator = Bus & {
  project: string;
  /** `127.0.0.1:PORT`, for PUBSUB_EMULATOR_HOST. */
  host: string;
  subscribe(subscription: PushSubscription): Promise<void>;
  stop(): Promise<void>;
};

/**
 * While the emulator backs off from a subscription it still takes its messages up, pushes none of them, and lets each wait
 * for its ack deadline: it must be short, or what failed is away for minutes. A push that takes longer comes twice, which
 * functions have to bear.
 */
const ACK_MS = 30_000;

/**
 * Starts the emulator and resolves once its topics are there. It pushes without a bearer token and without
 * `deliveryAttempt`, and takes any caller: for those, the embedded broker is the one to test against.
 */
export const startEmulator = async (options: {
  program: string;
  project: string;
  logFile: string;
}): Promise<Emulator> => {
  const { project } = options;
  const { host, stop: end } = await startEmulatorProcess({ ...options, args: [] });
  const client = new PubSub({ projectId: project, apiEndpoint: host });
  const bus = makePubSubBus({ project, apiEndpoint: host });
  const stop = async (): Promise<void> => {
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
      const { name, topic, endpoint, ackDeadline, minBackoff, maxBackoff, maxAttempts, deadLetter } = subscription;
      await client.createSubscription(`${TOPIC_PREFIX}${topic}`, name, {
        pushEndpoint: new URL(pushPath(project, topic), endpoint).href,
        ackDeadlineSeconds: Math.max(10, Math.ceil(Math.min(ackDeadline, ACK_MS) / 1000)),
        retryPolicy: { minimumBackoff: duration(minBackoff), maximumBackoff: duration(maxBackoff) },
        ...(deadLetter === undefined
          ? {}
          : {
              deadLetterPolicy: {
                deadLetterTopic: `projects/${project}/topics/${TOPIC_PREFIX}${deadLetter}`,
                maxDeliveryAttempts: maxAttempts,
              },
            }),
      });
    },
    stop,
  };
};

const duration = (ms: number): { seconds: number; nanos: number } => ({
  seconds: Math.floor(ms / 1000),
  nanos: (ms % 1000) * 1_000_000,
});
