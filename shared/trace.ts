/** The place of a piece of work in a trace, as in W3C Trace Context: ids in hex. */
export type TraceContext = { traceId: string; spanId: string };

/** The attribute of our messages that carries the trace context. */
export const TRACEPARENT = 'traceparent';

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-|$)/;

/**
 * Reads a `traceparent`; undefined where it is not valid. It is not to be trusted, since anyone may write one: it
 * decides in which trace work is shown, and nothing else.
 */
export const readTraceparent = (text: string | undefined): TraceContext | undefined => {
  const [, version, traceId = '', spanId = '', more] = FORM.exec(text ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== '')) return undefined;
  return /[^0]/.test(traceId) && /[^0]/.test(spanId) ? { traceId, spanId } : undefined;
};

/** Writes a `traceparent`, always as sampled, so that no outside sender decides which of our work is recorded. */
export const writeTraceparent = ({ traceId, spanId }: TraceContext): string => `00-${traceId}-${spanId}-01`;
