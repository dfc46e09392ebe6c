import { at, records, text } from '../kubernetes/loose.ts';
import { msOf, type Time, toTime } from '../model/time.ts';
import type { CallSignal } from './calls.ts';

/** The longest that a request takes with its webhooks: a log entry may have the time of its end. */
const MOST_MS = 60_000;

/**
 * Whether an update or a patch left its object as it was. Deployers apply what is there already, again and again, and
 * Flux first as a dry run. The API server writes into `managedFields` when each client last set a field, and a write
 * that sets none leaves these times as they are. False where the response does not show them.
 */
export const changesNothing = ({ call, outcome, at: time, response }: CallSignal): boolean => {
  if ((call.verb !== 'update' && call.verb !== 'patch') || call.subresource !== undefined || outcome !== 'ok')
    return false;
  // Fields of subresources, such as the status, are set by controllers all the time.
  const own = records(at(response, 'metadata', 'managedFields')).filter(({ subresource }) => !text(subresource));
  return own.length > 0 && own.every((entry) => isBefore(entry.time, time));
};

const isBefore = (written: unknown, at: Time): boolean => {
  const set = toTime(text(written) ?? '');
  return set !== undefined && msOf(at) - msOf(set) > MOST_MS;
};
