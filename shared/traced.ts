import type { TracedLog } from './log.ts';
import type { Bus } from './ports.ts';
import type { SpanFacts, Spans } from './spans.ts';
import { TRACEPARENT, writeTraceparent } from './trace.ts';

/** A bus whose messages carry the trace in which they are sent. */
export const tracedBus = (bus: Bus, spans: Spans): Bus => ({
  publish: (topic, body, attributes = {}) =>
    spans.current() === undefined
      ? bus.publish(topic, body, attributes)
      : spans.span(
          `firebreak-${topic} send`,
          {
            kind: 'producer',
            facts: { 'messaging.system': 'gcp_pubsub', 'messaging.destination.name': `firebreak-${topic}` },
          },
          () => {
            const current = spans.current();
            const handedOn = current === undefined ? {} : { [TRACEPARENT]: writeTraceparent(current) };
            return bus.publish(topic, body, { ...attributes, ...handedOn });
          },
        ),
});

/** The fields of a line that a reader of a trace looks for. */
const TOLD = [
  'incident',
  'finding',
  'rule',
  'severity',
  'confidence',
  'tier',
  'verdict',
  'step',
  'subject',
  'state',
  'proof',
  'event',
];

const factsOf = (message: string, fields: Record<string, unknown> = {}): SpanFacts => ({
  message,
  ...Object.fromEntries(
    TOLD.flatMap((key) => {
      const value = fields[key];
      return typeof value === 'string' || typeof value === 'number' ? [[`firebreak.${key}`, value]] : [];
    }),
  ),
});

type Line = (name: string, message: string, fields?: Record<string, unknown>) => void;

/**
 * A log whose lines carry the trace of the running span, and are recorded in that as well: a line as an event, and a
 * line with a duration (`ms`) as a span of its own.
 */
export const tracedLog = (log: TracedLog, spans: Spans): TracedLog => {
  const tell: Line = (name, message, fields) => {
    const { ms, step } = fields ?? {};
    // The delivery has a span already, with its duration and whether it failed.
    if (name.startsWith('envelope -> ') && ms !== undefined) return;
    const facts = factsOf(message, fields);
    if (typeof ms === 'number') spans.past(typeof step === 'string' ? `step ${step}` : name, ms, facts);
    else spans.event(name, facts);
  };
  const traced =
    (write: Line): Line =>
    (name, message, fields) => {
      // Where spans are not recorded, all of a delivery is one trace, which its lines carry already.
      const current = spans.recorded ? spans.current() : undefined;
      if (current === undefined) return write(name, message, fields);
      log.within(current.traceId, () => write(name, message, fields));
      tell(name, message, fields);
    };
  return {
    within: log.within,
    info: traced(log.info),
    warn: traced(log.warn),
    error: traced(log.error),
    count: traced(log.count),
  };
};
