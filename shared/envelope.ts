import { z } from 'zod';
import { Malformed } from './errors.ts';
import { issueText } from './issue-text.ts';
import { isObject } from './json.ts';
import { TOPIC_PREFIX } from './model/ids.ts';
import { timeOf, toTime } from './model/time.ts';
import { readTraceparent, TRACEPARENT, type TraceContext } from './trace.ts';

/** One delivered message, whatever shape it came in. `data` is the decoded JSON body. */
export type Envelope = {
  id: string;
  /** Topic without project and prefix, as read from the push path. */
  topic: string;
  attributes: Record<string, string>;
  data: unknown;
  publishedAt: string;
  subscription?: string;
  deliveryAttempt?: number;
  /** The span that sent the message, or else that of the push. Not to be trusted: the sender wrote it. */
  trace?: TraceContext;
};

// What is not asked for is left out, not refused: keeping it would copy every field of every message.
const event = z.object({
  source: z.string().optional(),
  time: z.string().optional(),
  traceparent: z.string().optional(),
  data: z.unknown().optional(),
});

const body = z.object({
  subscription: z.string().max(512).optional(),
  deliveryAttempt: z.number().int().positive().optional(),
  message: z.object({
    data: z.string().optional(),
    attributes: z.record(z.string(), z.string()).nullish(),
    messageId: z.string().optional(),
    message_id: z.string().optional(),
    publishTime: z.string().optional(),
    publish_time: z.string().optional(),
  }),
});

const SOURCE = /^\/\/pubsub\.googleapis\.com\/projects\/[^/]+\/topics\/([a-z][a-z0-9-]{0,99})$/;
const MESSAGE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads what functions-framework hands to a function. Four shapes reach it: a binary CloudEvent (Eventarc), a
 * structured one, one that the framework converted from a push (which drops `subscription` and `deliveryAttempt`), and
 * the raw push body, which it leaves alone where the message has no data.
 *
 * The topic comes from `source`, which the framework takes from the path of the push; attributes are the sender's and
 * have no say in it. `now` (ms) stands in where no publish time can be read.
 *
 * @throws Malformed where there is no readable topic, message id or JSON body.
 */
export const readEnvelope = (received: unknown, now: number): Envelope => {
  const outer = event.safeParse(received);
  if (!outer.success) throw new Malformed('the event is not an object: expected a CloudEvent or a Pub/Sub push');
  const context = outer.data;
  const topic = SOURCE.exec(context.source ?? '')?.[1];
  if (topic === undefined || !topic.startsWith(TOPIC_PREFIX)) {
    throw new Malformed('no readable topic: push to a path that ends in projects/PROJECT/topics/TOPIC');
  }
  const inner = body.safeParse(isObject(context.data) ? context.data : received);
  if (!inner.success) throw new Malformed(`no readable message in the event on ${topic}: ${issueText(inner.error)}`);
  const { message, subscription, deliveryAttempt } = inner.data;
  const id = message.messageId ?? message.message_id;
  if (id === undefined || !MESSAGE_ID.test(id)) throw new Malformed(`no readable message id in the event on ${topic}`);
  const publishedAt = toTime(message.publishTime ?? message.publish_time ?? context.time ?? '') ?? timeOf(now);
  // The message's own trace comes first: it continues the work that led to the message; the push has a new one.
  const trace = readTraceparent(message.attributes?.[TRACEPARENT]) ?? readTraceparent(context.traceparent);
  return {
    id,
    topic: topic.slice(TOPIC_PREFIX.length),
    attributes: message.attributes ?? {},
    data: decode(message.data, id),
    publishedAt,
    ...(subscription === undefined ? {} : { subscription }),
    ...(deliveryAttempt === undefined ? {} : { deliveryAttempt }),
    ...(trace === undefined ? {} : { trace }),
  };
};

const decode = (data: string | undefined, id: string): unknown => {
  if (data === undefined || data === '') throw new Malformed(`message ${id} has no data: publish a JSON body`);
  if (!BASE64.test(data)) throw new Malformed(`the data of message ${id} is not base64`);
  try {
    return JSON.parse(UTF8.decode(Buffer.from(data, 'base64')));
  } catch {
    // The parser's own message is left out, since it quotes the untrusted input.
    throw new Malformed(`the data of message ${id} is not JSON`);
  }
};
