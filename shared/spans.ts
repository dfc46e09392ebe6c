import type { TraceContext } from './trace.ts';

/** What is said of a span or of an event within one; undefined is left out. */
export type SpanFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** How a span begins. */
export type SpanStart = {
  kind?: 'consumer' | 'producer';
  /** What it is a part of, if not of the running span. */
  parent?: TraceContext | undefined;
  /** What else led to it. */
  link?: TraceContext | undefined;
  facts?: SpanFacts;
};

/** Pieces of work, one within another, from the alert to the last step. Recording them never fails the work. */
export type Spans = {
  /** Runs `work` as a span: within the running one, unless told otherwise. It has failed where `work` throws. */
  span<T>(name: string, start: SpanStart, work: () => Promise<T>): Promise<T>;
  /** A span within the running one that is over: it took `ms`. */
  past(name: string, ms: number, facts: SpanFacts): void;
  /** Something that happened in the running span. */
  event(name: string, facts: SpanFacts): void;
  /** Whether anybody reads them: else ids alone are handed on. */
  recorded: boolean;
  /** The running span, to be handed on; undefined outside of any. */
  current(): TraceContext | undefined;
  /** Resolves once what has ended is sent, or was given up; undefined where nothing is sent. */
  flush(): Promise<void> | undefined;
};
