/** Where a piece of work stands in a trace, as W3C Trace Context hands it on: ids in hex. */
export type TraceContext = { traceId: string; spanId: string };

/** The attribute of our messages that carries it. */
export const TRACEPARENT = 'traceparent';

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-|$)/;

/**
 * Reads a `traceparent`; undefined for what is none. A stranger may write any: it says which trace work is shown in, and
 * nothing else follows from it.
 */
export const readTraceparent = (text: string | undefined): TraceContext | undefined => {
  const [, version, traceId = '', spanId = '', more] = FORM.exec(text ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== '')) return undefined;
  return /[^0]/.test(traceId) && /[^0]/.test(spanId) ? { traceId, spanId } : undefined;
};

/** Writes it. All of ours is recorded, so that no stranger decides what is seen of us. */
export const writeTraceparent = ({ traceId, spanId }: TraceContext): string => `00-${traceId}-${spanId}-01`;
