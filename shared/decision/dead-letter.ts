import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Envelope } from '../envelope.ts';
import { Conflict } from '../errors.ts';
import { updateIncident } from '../incidents.ts';
import { isDeep, isHeld } from '../json.ts';
import { TOPICS } from '../model/ids.ts';
import type { Notice } from '../model/notice.ts';
import type { DeadLetter } from '../model/records.ts';
import { msOf, timeOf, toTime } from '../model/time.ts';
import type { DecidePorts } from '../ports.ts';
import { commandLine } from '../views/command-line.ts';
import { giveUp } from './requests/give-up.ts';
import { isDue } from './state.ts';

/** Of a larger body only the beginning and the hash are kept: the record must fit into a document. */
const BODY_BYTES = 256 * 1024;
/**
 * Of a body that is nested deeper than this, only the beginning is kept as well. No real API comes near this depth. A
 * few thousand levels cannot be written as JSON, and a dead letter that fails has no dead letter: it would be
 * redelivered without end.
 */
const BODY_LEVELS = 200;
/**
 * Attributes above this are not kept, and then the body is not kept whole either. Pub/Sub allows 125 KiB of them, but a
 * control character takes six bytes of JSON.
 */
const ATTRIBUTES_BYTES = 240 * 1024;
/** Length of the beginning that is kept, in UTF-16 units. */
const BEGINNING = 32 * 1024;
/** A topic whose function is broken gives up one message after the other. People are told once in this time. */
const TELL_MS = 10 * 60_000;

/** A goal that is older than this is not published again when its message was given up. */
const GOAL_MS = 24 * 60 * 60_000;
const idOnly = z.object({ incident: z.string() });

/** Prefix of the attributes that Pub/Sub adds to a message that it gives up. The message's own id is not among them. */
const FROM = 'CloudPubSubDeadLetterSource';

/** The topic of a subscription: ours end in the topic's name. Any other subscription is shown by its own name. */
const topicOf = (subscription: string | undefined): string =>
  TOPICS.find((topic) => subscription === topic || subscription?.endsWith(`-${topic}`)) ?? subscription ?? 'unknown';

/** A copy of a value down to so many levels, with a mark in place of anything deeper. */
const downTo = (value: unknown, levels: number): unknown => {
  if (!isHeld(value)) return value;
  if (levels === 0) return '…';
  if (Array.isArray(value)) return value.map((one) => downTo(one, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, downTo(one, levels - 1)]));
};

/** The body as it is kept; only its beginning where it is too large or too deep, or the message is not kept `whole`. */
const bodyOf = (data: unknown, whole: boolean): unknown => {
  const isCut = isHeld(data) && isDeep(data, BODY_LEVELS - 1);
  const json = JSON.stringify(isCut ? downTo(data, BODY_LEVELS) : data) ?? 'null';
  const beginning = json.slice(0, BEGINNING);
  if (isCut) return { truncated: true, levels: `more than ${BODY_LEVELS}`, beginning };
  const size = Buffer.byteLength(json);
  if (whole && size <= BODY_BYTES) return data;
  const sha256 = hash('sha256', json);
  return { truncated: true, size, sha256, beginning };
};

type Ports = Pick<DecidePorts, 'stores' | 'clock' | 'log' | 'bus' | 'clusters'>;

/** A body without its ID token: whoever holds that can pose as the sender. An unknown topic may carry requests. */
const withoutToken = (topic: string, data: unknown): unknown => {
  if (typeof data !== 'object' || data === null || !('idToken' in data)) return data;
  if (topic !== 'requests' && TOPICS.some((one) => one === topic)) return data;
  const { idToken: _, ...rest } = data;
  return rest;
};

const letterOf = async (ports: Ports, { id, attributes, data }: Envelope): Promise<DeadLetter> => {
  const topic = topicOf(attributes[`${FROM}Subscription`]);
  const publishedAt = toTime(attributes[`${FROM}TopicPublishTime`] ?? '');
  const deliveries = Number(attributes[`${FROM}DeliveryCount`]);
  const isWhole = Buffer.byteLength(JSON.stringify(attributes)) <= ATTRIBUTES_BYTES;
  // The record of a request, which has the error of the last attempt, is closed at the same time.
  const error = topic === 'requests' ? await giveUp(ports, data, publishedAt) : undefined;
  return {
    v: 1,
    rev: 0,
    writer: '',
    id,
    topic,
    at: timeOf(ports.clock.now()),
    ...(publishedAt === undefined ? {} : { publishedAt }),
    ...(Number.isInteger(deliveries) && deliveries > 0 ? { deliveries } : {}),
    ...(error === undefined ? {} : { error }),
    attributes: isWhole ? attributes : {},
    body: bodyOf(withoutToken(topic, data), isWhole),
  };
};

const noticeOf = ({ clusters }: Ports, { id, topic, at, error }: DeadLetter): Notice => {
  const target = { project: clusters.served()[0]?.project ?? 'unknown' };
  return {
    v: 1,
    incident: `dead-letters-${topic}`,
    seq: Math.floor(msOf(at) / TELL_MS),
    kind: 'failed',
    at,
    title: `A message of topic ${topic} was given up after its last attempt`,
    lines: [
      ...(error === undefined ? [] : [error]),
      `Look at it: ${commandLine(target, 'dead-letters', 'show', id)}`,
      `The log of the function that received it says why. There may be more: ${commandLine(target, 'dead-letters')}`,
    ],
    severity: null,
    tier: null,
    state: 'open',
    target,
  };
};

/** Stores the record of a dead letter, or gives the one that is stored already. */
const kept = async ({ stores, log }: Ports, doc: DeadLetter): Promise<DeadLetter> => {
  try {
    const stored = await stores.dead.put(doc.id, doc, null);
    log.count('dead-letter', `a message of ${doc.topic} was given up: see \`firebreak dead-letters\``, { id: doc.id });
    return stored;
  } catch (thrown) {
    if (!(thrown instanceof Conflict)) throw thrown;
    return (await stores.dead.get(doc.id)) ?? doc;
  }
};

/**
 * A goal must not be lost with the message that announced it. Marks the goal as unpublished, so that the tick publishes
 * the incident's id again. The deliveries of one message take the better part of an hour. After a day people have been
 * told often enough, and it ends.
 */
const askAgain = async (ports: Ports, { topic, body }: DeadLetter): Promise<void> => {
  const named = topic === 'containment' ? idOnly.safeParse(body) : undefined;
  if (named?.success !== true) return;
  await updateIncident(ports, named.data.incident, (i) => {
    if (!isDue(i) || i.goal === null || ports.clock.now() - msOf(i.goal.at) > GOAL_MS) return undefined;
    return { ...i, published: { ...i.published, goal: Math.min(i.published.goal, i.goal.rev - 1) } };
  });
};

/**
 * Stores a message that was given up, once, with its origin and time, and counts it in a log line. People are told at
 * most every 10 minutes per topic, in a thread of its own. For a notice that was given up there is only the log line,
 * since another notice would meet the same trouble.
 */
export const keepDeadLetter = async (ports: Ports, envelope: Envelope): Promise<void> => {
  const letter = await kept(ports, await letterOf(ports, envelope));
  // People are told first: an incident that only a newer release can read fails until that release is there.
  if (letter.topic !== 'notices') await ports.bus.publish('notices', noticeOf(ports, letter));
  await askAgain(ports, letter);
};
