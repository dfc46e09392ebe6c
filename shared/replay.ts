import type { Envelope } from './envelope.ts';
import { Malformed } from './errors.ts';
import { isObject } from './json.ts';
import type { Topic } from './model/ids.ts';
import type { DeadLetter } from './model/records.ts';
import type { Bus } from './ports.ts';
import { isOurTopic, topicText } from './topic-text.ts';

/**
 * The attribute of a message that was given up and is sent again: the id of its dead letter. What such a message leads
 * to is recorded or asked for, and never runs by itself. A sender who adds the attribute to another message only takes
 * weight from it.
 */
export const REPLAY = 'firebreak-replay';

/** The id of the dead letter from which a message is sent again; undefined for a message sent for the first time. */
export const replayedFrom = ({ attributes }: Pick<Envelope, 'attributes'>): string | undefined => attributes[REPLAY];

/** The bus for a detector's handling of one message: findings of a message that is sent again get the same mark. */
export const replaying = (bus: Bus, envelope: Pick<Envelope, 'attributes'>): Bus => {
  const from = replayedFrom(envelope);
  return from === undefined
    ? bus
    : { publish: (topic, body, attributes = {}) => bus.publish(topic, body, { ...attributes, [REPLAY]: from }) };
};

export type Message = { topic: Topic; body: unknown; attributes: Record<string, string> };

const REPLAYED: readonly Topic[] = ['audit-log', 'cpu', 'threat', 'findings', 'requests', 'containment', 'notices'];

/** The body to send. A request keeps its id and time, so that it is neither carried out twice nor taken for new. */
const bodyOf = (letter: DeadLetter): unknown =>
  letter.topic === 'requests' && isObject(letter.body)
    ? { id: letter.id, ...(letter.publishedAt === undefined ? {} : { at: letter.publishedAt }), ...letter.body }
    : letter.body;

/**
 * The message by which a dead letter is sent again. It has the letter's attributes, without those that Pub/Sub added
 * when it made the message a dead letter.
 *
 * Throws Malformed, in a sentence, where there is nothing to send: a tick, a topic that is none of ours, a body of
 * which only the beginning was kept.
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
