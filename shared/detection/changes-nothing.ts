import { at, type Loose, record, records, text, texts } from '../kubernetes/loose.ts';
import type { AuditSignal } from '../model/signal.ts';
import { msOf, type Time, toTime } from '../model/time.ts';
import { type CallSignal, WRITES } from './calls.ts';
import { LONGEST_REQUEST_MS } from './makes.ts';

/**
 * Whether a write made no object and set no field. Deployers apply what is there already, again and again, and Flux
 * first as a dry run. False where the response does not show it. A write that only takes something away sets no field
 * either, so this is of no use to a rule over what may be taken away.
 */
export const changesNothing = ({ call, outcome, at: time, partial, response, dryRun }: CallSignal): boolean => {
  if (!WRITES.includes(call.verb) || call.subresource !== undefined || outcome !== 'ok' || partial) return false;
  // The server ignores the wish where it connects to a pod, whose subresource is left out above.
  if (dryRun === true) return true;
  const metadata = record(at(response, 'metadata'));
  if (metadata === undefined) return false;
  return isUnstored(metadata) || (call.verb !== 'create' && isAsBefore(metadata, time));
};

/**
 * Whether a deletion is only a rehearsal: its options, the body of such a call, ask for a dry run. The URI tells
 * nothing: beside a body the server does not read it, and an entry need not show that there was a body.
 */
export const isRehearsal = ({ call, request }: Pick<AuditSignal, 'call' | 'request'>): boolean =>
  call?.verb.startsWith('delete') === true && texts(request?.dryRun).includes('All');

/** Whether an object was only made for a dry run: the store gives each one that it holds a version. */
const isUnstored = ({ uid, creationTimestamp, resourceVersion }: Loose): boolean =>
  text(uid) !== undefined && text(creationTimestamp) !== undefined && (resourceVersion ?? '') === '';

/**
 * Whether nobody set a field just now. The API server writes into `managedFields` when each client last set one, and a
 * write that sets none leaves these times as they are.
 */
const isAsBefore = ({ managedFields }: Loose, time: Time): boolean => {
  // Fields of subresources, such as the status, are set by controllers all the time.
  const own = records(managedFields).filter(({ subresource }) => !text(subresource));
  return own.length > 0 && own.every((entry) => isBefore(entry.time, time));
};

const isBefore = (written: unknown, at: Time): boolean => {
  const set = toTime(text(written) ?? '');
  return set !== undefined && msOf(at) - msOf(set) > LONGEST_REQUEST_MS;
};
