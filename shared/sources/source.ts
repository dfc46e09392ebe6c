import type { Loose } from '../kubernetes/loose.ts';
import type { Place, Signal } from '../model/signal.ts';

/**
 * What a payload itself may not contain: the current time `now` (ms since the epoch) and where the payload was found.
 */
export type ReadContext = {
  now: number;
  /** Stands in where a payload names no project, location or cluster. */
  place?: Place;
  /** Attributes of the message that carried it. Only a source whose sender sets attributes reads them. */
  attributes?: Readonly<Record<string, string>>;
};

/** The result of reading a payload: the source that read it, and the signal or the reason why there is none. */
export type Reading = { source: string; signal: Signal } | { source: string; signal?: never; because: string };

/**
 * Reads one kind of foreign payload. `recognises` looks only at its shape; `read` throws Malformed, with a sentence,
 * for a payload of that shape that cannot be read.
 */
export type Source = {
  id: string;
  /** The name that people give to such a payload, with its article. */
  title: string;
  recognises(payload: Loose): boolean;
  read(payload: Loose, context: ReadContext): Reading;
};
