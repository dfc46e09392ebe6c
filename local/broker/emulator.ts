import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PubSub } from '@google-cloud/pubsub';
import { makePubSubBus } from '../../shared/adapters/bus-pubsub.ts';
import { TOPIC_PREFIX, TOPICS } from '../../shared/model/ids.ts';
import type { Bus } from '../../shared/ports.ts';
import { type Group, startGroup } from '../group.ts';
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

const GUARD = fileURLToPath(new URL('../guard.ts', import.meta.url));
const START_MS = 30_000;

/**
 * Starts the emulator and resolves once its topics are there. It pushes without a bearer token and without
 * `deliveryAttempt`, and takes any caller: for those, the embedded broker is the one to test against.
 */
export const startEmulator = async (options: {
  program: string;
  project: string;
  logFile: string;
}): Promise<Emulator> => {
  const { program, project, logFile } = options;
  // Otherwise the client library looks for the metadata server of a cloud it is not in.
  process.env.METADATA_SERVER_DETECTION ??= 'none';
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const args = [GUARD, program, '--host=127.0.0.1', `--port=${port}`];
  const group = startGroup({ args, cwd: process.cwd(), env: process.env, logFile });
  const client = new PubSub({ projectId: project, apiEndpoint: host });
  const bus = makePubSubBus({ project, apiEndpoint: host });
  const stop = async (): Promise<void> => {
    await Promise.all([client.close(), bus.close()]);
    await group.stop();
  };
  try {
    await answers(`http://${host}/`, group, logFile);
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
        ackDeadlineSeconds: Math.min(600, Math.max(10, Math.ceil(ackDeadline / 1000))),
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

/** The emulator does not tell which port it took when it is given 0. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof bound !== 'object' || bound === null) throw new Error('no free port on 127.0.0.1');
  return bound.port;
};

const answers = async (url: string, group: Group, logFile: string): Promise<void> => {
  for (const until = Date.now() + START_MS; Date.now() < until; await sleep(100)) {
    if (group.hasEnded()) throw new Error(`the Pub/Sub emulator ended at once: see ${logFile}`);
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok === true) return;
  }
  throw new Error(`the Pub/Sub emulator does not answer after ${START_MS / 1000} s: see ${logFile}`);
};
