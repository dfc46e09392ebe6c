import { PublisherClient } from '@google-cloud/pubsub-api/build/src/v1/publisher_client.js';
import fallback from 'google-gax/fallback';
import { Denied, sentenceOf, Transient } from '../errors.ts';
import { PERMISSION_DENIED, UNAUTHENTICATED } from '../grpc-codes.ts';
import { TOPIC_PREFIX } from '../model/ids.ts';
import type { Bus } from '../ports.ts';
import { withinLibrary } from './deadline.ts';
import { standIn } from './google-auth.ts';

/**
 * The library retries for 10 minutes, longer than any delivery lasts. This bus stops after 20 s; Pub/Sub then delivers
 * the message again.
 */
const PATIENCE_MS = 20_000;
const PATIENCE = {
  retry: {
    // The library's own list: CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL,
    // UNAVAILABLE.
    retryCodes: [1, 2, 4, 8, 10, 13, 14],
    backoffSettings: {
      initialRetryDelayMillis: 100,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: 2000,
      initialRpcTimeoutMillis: 5000,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: 5000,
      totalTimeoutMillis: PATIENCE_MS,
    },
  },
};

/** How the library ends its tries: with the last error, and then with all of them, which are mostly the same one. */
const GIVEN_UP = / retrying error (?:\w*Error: )?([\s\S]*?)\s+before any response was received/;

/** The sentence of the library, or that of its last try where it tried for all of its time. */
const whyOf = (thrown: unknown): string => {
  const sentence = sentenceOf(thrown);
  const last = GIVEN_UP.exec(sentence)?.[1];
  return last === undefined ? sentence : `no success in ${PATIENCE_MS / 1000} s: ${last}`;
};

/**
 * Publishes with the client library over HTTP: to Pub/Sub under the function's own identity, or to the `emulator` at
 * `HOST:PORT`. Each message is sent at once, since a function ends when it has handled its message.
 *
 * @throws Denied without the right to publish, Transient on anything else.
 */
export const makePubSubBus = (options: {
  project: string;
  emulator?: string | undefined;
}): Bus & { close(): Promise<void> } => {
  const { project, emulator } = options;
  // An emulator is reached over plain HTTP and does not check identities.
  const at = emulator === undefined ? {} : standIn(`http://${emulator}`, 'none');
  const client = new PublisherClient({ projectId: project, ...at, fallback: true }, fallback);
  return {
    publish: async (topic, body, attributes = {}) => {
      const name = `${TOPIC_PREFIX}${topic}`;
      const message = { data: Buffer.from(JSON.stringify(body)), attributes };
      try {
        const asked = { topic: `projects/${project}/topics/${name}`, messages: [message] };
        const [{ messageIds }] = await withinLibrary(PATIENCE_MS, () => client.publish(asked, PATIENCE));
        const id = messageIds?.[0];
        if (id === undefined) throw new Error('the answer has no id of the message');
        return id;
      } catch (thrown) {
        const sentence = `publishing to ${name}: ${whyOf(thrown)}`;
        const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
        if (code === PERMISSION_DENIED || code === UNAUTHENTICATED) throw new Denied(sentence, { cause: thrown });
        throw new Transient(sentence, { cause: thrown });
      }
    },
    close: () => client.close(),
  };
};
