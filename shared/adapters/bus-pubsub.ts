import { PubSub, type Topic as TopicHandle } from '@google-cloud/pubsub';
import { Denied, sentenceOf, Transient } from '../errors.ts';
import { TOPIC_PREFIX, type Topic } from '../model/ids.ts';
import type { Bus } from '../ports.ts';

const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** The library's own retries end after 10 minutes, longer than any delivery: ours after 20 s, then the message comes again. */
const PATIENCE = {
  retry: {
    // CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE, as the library has it.
    retryCodes: [1, 2, 4, 8, 10, 13, 14],
    backoffSettings: {
      initialRetryDelayMillis: 100,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: 2000,
      initialRpcTimeoutMillis: 5000,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: 5000,
      totalTimeoutMillis: 20_000,
    },
  },
};

/**
 * Publishes by the client library: Pub/Sub itself under the function's own identity, or the emulator, by `apiEndpoint` or
 * where PUBSUB_EMULATOR_HOST says so. Each message is sent at once, since a function ends when its message is handled.
 *
 * @throws Denied where we may not publish, Transient on anything else.
 */
export const makePubSubBus = (options: { project: string; apiEndpoint?: string }): Bus & { close(): Promise<void> } => {
  const { project, apiEndpoint } = options;
  const client = new PubSub({ projectId: project, ...(apiEndpoint === undefined ? {} : { apiEndpoint }) });
  const handles = new Map<Topic, TopicHandle>();
  const handleOf = (topic: Topic): TopicHandle => {
    const handle =
      handles.get(topic) ??
      client.topic(`${TOPIC_PREFIX}${topic}`, { batching: { maxMessages: 1 }, gaxOpts: PATIENCE });
    handles.set(topic, handle);
    return handle;
  };
  return {
    publish: async (topic, body, attributes = {}) => {
      try {
        return await handleOf(topic).publishMessage({ data: Buffer.from(JSON.stringify(body)), attributes });
      } catch (thrown) {
        const sentence = `publishing to ${TOPIC_PREFIX}${topic}: ${sentenceOf(thrown)}`;
        const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
        if (code === PERMISSION_DENIED || code === UNAUTHENTICATED) throw new Denied(sentence, { cause: thrown });
        throw new Transient(sentence, { cause: thrown });
      }
    },
    close: () => client.close(),
  };
};
