import type { Loose } from '../kubernetes/loose.ts';
import type { Place, Signal } from '../model/signal.ts';

/** What a payload itself may not tell: `now` (ms since the epoch) and where it was found. */
export type ReadContext = {
  now: number;
  /** Stands in where a payload names no project, location or cluster. */
  place?: Place;
  /** Attributes of the message that brought it: only a source whose sender sets them asks them. */
  attributes?: Readonly<Record<string, string>>;
};

/** What became of a payload: who read it, and the signal, or why it gives none. */
export type Reading = { source: string; signal: Signal } | { source: string; signal?: never; because: string };

/**
 * Knows one foreign payload. `recognises` looks at its shape only; `read` throws Malformed, with a sentence, for a
 * payload of that shape that cannot be read.
 */
export type Source = {
  id: string;
  /** As a person calls such a payload, with its article. */
  title: string;
  recognises(payload: Loose): boolean;
  read(payload: Loose, context: ReadContext): Reading;
};
