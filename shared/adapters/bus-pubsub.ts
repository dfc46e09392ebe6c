import { PublisherClient } from '@google-cloud/pubsub-api/build/src/v1/publisher_client.js';
import fallback from 'google-gax/fallback';
import { Denied, sentenceOf, Transient } from '../errors.ts';
import { TOPIC_PREFIX } from '../model/ids.ts';
import type { Bus } from '../ports.ts';
import { standIn } from './google-auth.ts';

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
 * Publishes by the client library, over HTTP: Pub/Sub itself under the function's own identity, or the `emulator` at `HOST:PORT`.
 * Each message is sent at once, since a function ends when its message is handled.
 *
 * @throws Denied where we may not publish, Transient on anything else.
 */
export const makePubSubBus = (options: {
  project: string;
  emulator?: string | undefined;
}): Bus & { close(): Promise<void> } => {
  const { project, emulator } = options;
  // An emulator is reached in the clear, and asks nobody who they are.
  const at = emulator === undefined ? {} : standIn(`http://${emulator}`, 'none');
  const client = new PublisherClient({ projectId: project, ...at, fallback: true }, fallback);
  return {
    publish: async (topic, body, attributes = {}) => {
      const name = `${TOPIC_PREFIX}${topic}`;
      const message = { data: Buffer.from(JSON.stringify(body)), attributes };
      try {
        const asked = { topic: `projects/${project}/topics/${name}`, messages: [message] };
        const [{ messageIds }] = await client.publish(asked, PATIENCE);
        const id = messageIds?.[0];
        if (id === undefined) throw new Error('the answer has no id of the message');
        return id;
      } catch (thrown) {
        const sentence = `publishing to ${name}: ${sentenceOf(thrown)}`;
        const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
        if (code === PERMISSION_DENIED || code === UNAUTHENTICATED) throw new Denied(sentence, { cause: thrown });
        throw new Transient(sentence, { cause: thrown });
      }
    },
    close: () => client.close(),
  };
};
