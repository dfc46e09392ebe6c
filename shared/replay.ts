import type { Envelope } from './envelope.ts';
import { Malformed } from './errors.ts';
import type { Topic } from './model/ids.ts';
import type { DeadLetter } from './model/records.ts';
import type { Bus } from './ports.ts';
import { isOurTopic, topicText } from './topic-text.ts';

/**
 * The attribute of a message that was given up and is sent again: the id of its dead letter. What it leads to is recorded
 * or asked for, and never runs by itself. Whoever adds it to a message of his own takes weight from it, and gives none.
 */
export const REPLAY = 'firebreak-replay';

/** The dead letter that a message is sent again from; undefined for one that is sent for the first time. */
export const replayedFrom = ({ attributes }: Pick<Envelope, 'attributes'>): string | undefined => attributes[REPLAY];

/** The bus as a detector uses it for one message: findings of a message sent again are marked as it is. */
export const replaying = (bus: Bus, envelope: Pick<Envelope, 'attributes'>): Bus => {
  const from = replayedFrom(envelope);
  return from === undefined
    ? bus
    : { publish: (topic, body, attributes = {}) => bus.publish(topic, body, { ...attributes, [REPLAY]: from }) };
};

export type Message = { topic: Topic; body: unknown; attributes: Record<string, string> };

const REPLAYED: readonly Topic[] = ['audit-log', 'cpu', 'threat', 'findings', 'requests', 'containment', 'notices'];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A request keeps its id and the time at which it was made, so that it is neither carried out twice nor made fresh. */
const bodyOf = (letter: DeadLetter): unknown =>
  letter.topic === 'requests' && isObject(letter.body)
    ? { id: letter.id, ...(letter.publishedAt === undefined ? {} : { at: letter.publishedAt }), ...letter.body }
    : letter.body;

/**
 * The message that a dead letter is sent again as: its own attributes, without those that its burial added.
 *
 * Throws Malformed, in a sentence, where there is nothing to send: a tick, a topic that is none of ours, a body of which
 * only the beginning was kept.
 */
export const replayOf = (letter: DeadLetter): Message => {
  const topic = REPLAYED.find((one) => one === letter.topic);
  if (topic === undefined) {
    const because = isOurTopic(letter.topic) ? 'it comes by itself' : 'that is no topic of ours';
    throw new Malformed(
      `dead letter ${letter.id} is of ${topicText(letter.topic)}, which is not sent again: ${because}.`,
    );
  }
  if (isObject(letter.body) && letter.body.truncated === true)
    throw new Malformed(
      `dead letter ${letter.id} was too large or too deep to be kept whole: have its source send it again.`,
    );
  const own = Object.entries(letter.attributes).filter(([name]) => !name.startsWith('CloudPubSubDeadLetter'));
  return { topic, body: bodyOf(letter), attributes: { ...Object.fromEntries(own), [REPLAY]: letter.id } };
};
