import { type Envelope, readEnvelope } from './envelope.ts';
import { Malformed, sentenceOf, Transient } from './errors.ts';
import type { TracedLog } from './log.ts';
import type { FunctionName, Topic } from './model/ids.ts';
import type { Clock } from './ports.ts';
import type { SpanStart, Spans } from './spans.ts';

/** The topics that each function is subscribed to; it refuses all others. The console answers browsers alone. */
export const TOPICS_OF = {
  'detect-audit-log': ['audit-log'],
  'detect-cryptomining': ['cpu'],
  'detect-threat': ['threat'],
  decide: ['findings'],
  operate: ['requests', 'tick', 'dead-letters'],
  contain: ['containment'],
  notify: ['notices'],
  console: [],
} as const satisfies Record<FunctionName, readonly Topic[]>;

/** Adds to the line that ends a delivery: its message, and facts beside those that every delivery has. */
export type Tell = (message: string, facts: Record<string, unknown>) => void;
export type Handler = (envelope: Envelope, tell: Tell) => Promise<void>;

/**
 * Makes a handler the function that functions-framework calls for each event. Resolving acknowledges the message;
 * rejecting has it delivered again. So Malformed is counted and acknowledged; everything else is thrown, always as an
 * Error, because the framework takes a rejection without a value for success. Each event leaves one line with its
 * duration in ms, and is a span that continues the sender's; spans are sent before the event is answered, since nothing
 * runs after that.
 *
 * The returned function declares one parameter: with two, the framework would wait for a callback until its timeout.
 */
export const serve = (
  handler: Handler,
  options: { log: TracedLog; clock: Pick<Clock, 'now' | 'monotonic'>; topics: readonly string[]; spans?: Spans },
): ((event: unknown) => Promise<void>) => {
  const { log, clock, topics, spans } = options;

  const read = (event: unknown): Envelope | undefined => {
    try {
      const envelope = readEnvelope(event, clock.now());
      if (topics.some((topic) => topic === envelope.topic)) return envelope;
      throw new Malformed(`topic ${envelope.topic} is not one of ours: expected ${topics.join(', ')}`);
    } catch (thrown) {
      if (!(thrown instanceof Malformed)) throw thrown;
      log.count('malformed', thrown.message);
      return undefined;
    }
  };

  const factsOf = ({ id, topic, deliveryAttempt }: Envelope, began: number): Record<string, unknown> => ({
    id,
    topic,
    ...(deliveryAttempt === undefined ? {} : { deliveryAttempt }),
    ms: Math.round(clock.monotonic() - began),
  });

  /** Counts Malformed, and throws everything else on, so that the message comes again. */
  const failed = (thrown: unknown, facts: Record<string, unknown>): void => {
    if (!(thrown instanceof Malformed)) {
      const error = thrown instanceof Error ? thrown : new Transient(`thrown without an error: ${sentenceOf(thrown)}`);
      log.error('envelope -> delivered again', error.message, { ...facts, error: error.name });
      throw error;
    }
    log.count('malformed', thrown.message, facts);
  };

  return async (event) => {
    const began = clock.monotonic();
    const envelope = read(event);
    if (envelope === undefined) return;
    let [message, told]: Parameters<Tell> = ['handled', {}];
    const tell: Tell = (...said) => {
      [message, told] = said;
    };
    // As few promises as possible: every entry of a cluster passes here.
    const handled = (): Promise<void> =>
      handler(envelope, tell).then(
        () => log.info('envelope -> acknowledged', message, { ...told, ...factsOf(envelope, began) }),
        (thrown: unknown) => failed(thrown, factsOf(envelope, began)),
      );
    if (spans === undefined) return log.within(envelope.trace?.traceId, handled);
    try {
      await spans.span(`firebreak-${envelope.topic} process`, startOf(envelope), () =>
        log.within(spans.current()?.traceId, handled),
      );
    } finally {
      const sent = spans.flush();
      if (sent !== undefined) await sent;
    }
  };
};

const startOf = ({ topic, id, deliveryAttempt, trace }: Envelope): SpanStart => ({
  kind: 'consumer',
  parent: trace,
  facts: {
    'messaging.system': 'gcp_pubsub',
    'messaging.destination.name': `firebreak-${topic}`,
    'messaging.message.id': id,
    'messaging.gcp_pubsub.message.delivery_attempt': deliveryAttempt,
  },
});
