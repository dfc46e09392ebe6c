import { TOPIC_PREFIX, TOPICS, type Topic } from '../../shared/model/ids.ts';
import type { Bus } from '../../shared/ports.ts';
import { ended, listening } from '../listening.ts';
import type { Faults } from './faults.ts';
import type { Message, PushSubscription } from './message.ts';
import { makeHttpPush, type Push } from './push.ts';
import { type Counters, makeQueue, type Queue } from './queue.ts';
import { makeRestServer, type RawMessage } from './rest.ts';
import { systemTimer, type Timer } from './timer.ts';

/** The embedded bus: replaces Pub/Sub, in this process and in memory. */
export type Broker = Bus & {
  project: string;
  /** `http://127.0.0.1:PORT`, where the publish call of the REST API is served. */
  address: string;
  subscribe(subscription: PushSubscription): Promise<void>;
  /** Resolves once no message is waiting, in flight or due for another attempt. */
  idle(): Promise<void>;
  outstanding(): number;
  counters(): Counters;
  /** The last 1,000 messages of a topic, oldest first, from all publishers. */
  published(topic: Topic): readonly Message[];
  setFaults(faults: Faults): void;
  stop(): Promise<void>;
};

const KEPT = 1000;

/** Starts the bus on a free port of 127.0.0.1. `push` and `timer` are for tests. */
export const startBroker = async (options: { project: string; timer?: Timer; push?: Push }): Promise<Broker> => {
  const { project, timer = systemTimer, push = makeHttpPush(project) } = options;
  const counters: Counters = { published: 0, delivered: 0, acked: 0, nacked: 0, dead: 0 };
  const history = new Map<Topic, Message[]>(TOPICS.map((topic) => [topic, []]));
  const queues: Array<{ topic: Topic; queue: Queue }> = [];
  const waiting = new Set<() => void>();
  // Ids keep growing across restarts: a store that outlives the bus may have seen the ids of an earlier start.
  let lastId = BigInt(timer.now()) * 1_000_000n;
  let faults: Faults = {};

  const outstanding = (): number => queues.reduce((sum, { queue }) => sum + queue.outstanding(), 0);

  const settled = (): void => {
    if (outstanding() > 0) return;
    for (const resolve of waiting) resolve();
    waiting.clear();
  };

  const put = (topic: Topic, { data, attributes }: RawMessage): string => {
    lastId += 1n;
    const publishTime = new Date(timer.now()).toISOString();
    const message: Message = { messageId: lastId.toString(), publishTime, data, attributes };
    counters.published += 1;
    const kept = history.get(topic) ?? [];
    kept.push(message);
    if (kept.length > KEPT) kept.shift();
    for (const { topic: of, queue } of queues) if (of === topic) queue.add(message);
    return message.messageId;
  };

  const subscribe = async (subscription: PushSubscription): Promise<void> => {
    const { name, topic, deadLetter } = subscription;
    const bury = (message: Message, attempts: number): void => {
      if (deadLetter === undefined) return;
      const attributes = { ...message.attributes, ...deadLetterAttributes(project, name, message, attempts) };
      put(deadLetter, { data: message.data, attributes });
    };
    const parts = { push, timer, faults: () => faults, counters, deadLetter: bury, settled };
    queues.push({ topic, queue: makeQueue(subscription, parts) });
  };

  const server = makeRestServer(project, (wireName, messages) => {
    const topic = TOPICS.find((one) => `${TOPIC_PREFIX}${one}` === wireName);
    return topic === undefined ? undefined : messages.map((message) => put(topic, message));
  });
  const port = await listening(server);

  return {
    project,
    address: `http://127.0.0.1:${port}`,
    publish: async (topic, body, attributes = {}) =>
      put(topic, { data: Buffer.from(JSON.stringify(body)).toString('base64'), attributes }),
    subscribe,
    idle: () => (outstanding() === 0 ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve))),
    outstanding,
    counters: () => ({ ...counters }),
    published: (topic) => [...(history.get(topic) ?? [])],
    setFaults: (next) => {
      faults = next;
    },
    stop: async () => {
      for (const { queue } of queues) queue.close();
      await ended(server);
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
  };
};

/** The attributes that Pub/Sub adds to a message when it moves the message to the dead letter topic. */
const deadLetterAttributes = (
  project: string,
  subscription: string,
  message: Message,
  attempts: number,
): Record<string, string> => ({
  CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
  CloudPubSubDeadLetterSourceSubscription: subscription,
  CloudPubSubDeadLetterSourceSubscriptionProject: project,
  CloudPubSubDeadLetterSourceTopicPublishTime: message.publishTime,
});
