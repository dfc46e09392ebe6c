import { Conflict, Newer, Transient } from '../../errors.ts';
import { HALT_ID } from '../../model/records.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { Time } from '../../model/time.ts';
import type { Stores } from '../../ports.ts';
import { hashOf } from '../hash.ts';
import { everyOf } from '../pages.ts';
import { setIn } from '../under-halt.ts';
import { idIn, readRequest, withoutToken } from './read.ts';
import { accept, carriedIn, type Outcome, refuse } from './request.ts';

/** How the outcome begins while the message is still redelivered; the error of the last attempt follows. */
const TRIED = /^not answered yet[^:]*: /;

type Ports = { stores: Pick<Stores, 'requests' | 'incidents' | 'halts'> };

/** The outcome of a request that was carried in although its record could not be written; undefined if it was not. */
const carriedOutcome = async (
  { stores }: Ports,
  { id, incident, request }: RequestRecord,
): Promise<Outcome | undefined> => {
  const place = incident ?? request?.incident;
  const held = place === undefined ? undefined : await stores.incidents.get(place);
  const outcome = held === undefined ? undefined : carriedIn(held, id);
  if (outcome !== undefined) return accept(outcome, place);
  const halt = await stores.halts.get(HALT_ID);
  const set = halt === undefined ? undefined : setIn(halt).find((one) => one.id === id);
  return set === undefined ? undefined : accept(set.halted ? 'halted' : 'resumed');
};

/** The same. What only a newer release can read tells nothing, perhaps for ever: nobody must wait for it. */
const carried = async (ports: Ports, record: RequestRecord): Promise<Outcome | undefined> => {
  try {
    return await carriedOutcome(ports, record);
  } catch (thrown) {
    if (thrown instanceof Newer) return undefined;
    throw thrown;
  }
};

/**
 * The record of the request that a message carried. A request without an id has that of its message, which a dead
 * letter does not have: it is the open one that was published at that time with these words.
 */
const recordOf = async (
  { stores: { requests } }: Ports,
  body: unknown,
  publishedAt: Time | undefined,
): Promise<RequestRecord | undefined> => {
  const id = idIn(body);
  if (id !== undefined) return requests.get(id);
  const read = readRequest(body);
  if ('refused' in read || publishedAt === undefined) return undefined;
  const words = hashOf(withoutToken(read.request));
  const open = await everyOf(requests, { state: 'seen' });
  return open.find((record) => record.publishedAt === publishedAt && hashOf(record.request) === words);
};

/**
 * Records that the message of a request was given up, for whoever looks for an answer. `body` and `publishedAt` are
 * those of the message. Resolves with the error of the last attempt; undefined if none was recorded. If the message is
 * sent again, this record answers it, so that the request is not carried out long after it was meant.
 *
 * @throws Transient if others wrote the record at the same time.
 */
export const giveUp = async (
  ports: Ports,
  body: unknown,
  publishedAt: Time | undefined,
): Promise<string | undefined> => {
  const { requests } = ports.stores;
  const record = await recordOf(ports, body, publishedAt);
  if (record?.state !== 'seen') return record?.state === 'refused' ? record.outcome : undefined;
  const met = record.outcome?.replace(TRIED, '');
  const why = met === undefined ? '' : `: ${met}`;
  const outcome =
    (await carried(ports, record)) ??
    refuse(`given up after its last attempt; send it again as a new request if it is still meant${why}`);
  try {
    await requests.put(record.id, { ...record, ...outcome }, record.rev);
  } catch (thrown) {
    if (thrown instanceof Conflict) throw new Transient(`request ${record.id} is being answered: look again`);
    throw thrown;
  }
  return met;
};
