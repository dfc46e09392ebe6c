import { at, text } from '../kubernetes/loose.ts';
import { msOf, toTime } from '../model/time.ts';
import type { CallSignal } from './calls.ts';

/** The longest that a request takes with its webhooks: a log entry may have the time of its end. */
export const LONGEST_REQUEST_MS = 60_000;

/**
 * Whether a call makes an object. Server-side apply also makes objects, by a patch, and so does an update for a few
 * kinds: then the object in the response has just been created.
 */
export const makes = (signal: CallSignal): boolean => {
  const { call, response } = signal;
  if (call.verb !== 'update' && call.verb !== 'patch') return call.verb === 'create';
  const created = toTime(text(at(response, 'metadata', 'creationTimestamp')) ?? '');
  return (
    call.subresource === undefined && created !== undefined && msOf(signal.at) - msOf(created) <= LONGEST_REQUEST_MS
  );
};
