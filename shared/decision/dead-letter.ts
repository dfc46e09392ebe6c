import { createHash } from 'node:crypto';
import type { Envelope } from '../envelope.ts';
import { Conflict } from '../errors.ts';
import { TOPICS } from '../model/ids.ts';
import type { DeadLetter } from '../model/records.ts';
import { timeOf } from '../model/time.ts';
import type { DecidePorts } from '../ports.ts';

/** A body above this is kept by its beginning and its hash: the record must fit into a document. */
const BODY_BYTES = 256 * 1024;

const SUBSCRIPTION = 'CloudPubSubDeadLetterSourceSubscription';

/** Our subscriptions end in the topic they are of; another one stands for itself. */
const topicOf = (subscription: string | undefined): string =>
  TOPICS.find((topic) => subscription === topic || subscription?.endsWith(`-${topic}`)) ?? subscription ?? 'unknown';

const bodyOf = (data: unknown): unknown => {
  const json = JSON.stringify(data) ?? 'null';
  const size = Buffer.byteLength(json);
  if (size <= BODY_BYTES) return data;
  const sha256 = createHash('sha256').update(json).digest('hex');
  return { truncated: true, size, sha256, beginning: json.slice(0, 32 * 1024) };
};

/** Keeps a message that could not be handled, once, with where it came from; each leaves a counted line. */
export const keepDeadLetter = async (
  { stores, clock, log }: Pick<DecidePorts, 'stores' | 'clock' | 'log'>,
  envelope: Envelope,
): Promise<void> => {
  const { id, attributes, data } = envelope;
  const topic = topicOf(attributes[SUBSCRIPTION]);
  const doc: DeadLetter = {
    v: 1,
    rev: 0,
    writer: '',
    id,
    topic,
    at: timeOf(clock.now()),
    attributes,
    body: bodyOf(data),
  };
  try {
    await stores.dead.put(id, doc, null);
    log.count('dead-letter', `a message of ${topic} was given up: see \`firebreak dead-letters\``, { id });
  } catch (thrown) {
    if (!(thrown instanceof Conflict)) throw thrown;
  }
};
