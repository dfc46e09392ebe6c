import type { TraceContext } from './trace.ts';

/** The attributes of a span, or of an event within one; those that are undefined are left out. */
export type SpanFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** How a span begins. */
export type SpanStart = {
  kind?: 'consumer' | 'producer';
  /** The parent, if that is not the running span. */
  parent?: TraceContext | undefined;
  /** Another span that led to this one. */
  link?: TraceContext | undefined;
  facts?: SpanFacts;
};

/** Records pieces of work, nested, from the alert to the last step. A failure to record never fails the work. */
export type Spans = {
  /** Runs `work` as a span, within the running one unless `start` has a parent. If `work` throws, the span failed. */
  span<T>(name: string, start: SpanStart, work: () => Promise<T>): Promise<T>;
  /** Records a span within the running one that is over, and took `ms`. */
  past(name: string, ms: number, facts: SpanFacts): void;
  /** Records an event in the running span. */
  event(name: string, facts: SpanFacts): void;
  /** Whether spans are recorded; if not, only ids are passed on. */
  recorded: boolean;
  /** The running span, to be passed on; undefined outside of any. */
  current(): TraceContext | undefined;
  /** Resolves when all ended spans are sent or given up; undefined where nothing is to be sent. */
  flush(): Promise<void> | undefined;
};
