import { Conflict, Transient } from '../../errors.ts';
import { HALT_ID } from '../../model/records.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { Stores } from '../../ports.ts';
import { setIn } from '../under-halt.ts';
import { accept, carriedIn, type Outcome, refuse } from './request.ts';

/** How the outcome begins while the message is still redelivered; the error of the last attempt follows. */
const TRIED = /^not answered yet[^:]*: /;

type Ports = { stores: Pick<Stores, 'requests' | 'incidents' | 'halts'> };

/** The outcome of a request that was carried in although its record could not be written; undefined if it was not. */
const carried = async ({ stores }: Ports, { id, incident, request }: RequestRecord): Promise<Outcome | undefined> => {
  const place = incident ?? request?.incident;
  const held = place === undefined ? undefined : await stores.incidents.get(place);
  const outcome = held === undefined ? undefined : carriedIn(held, id);
  if (outcome !== undefined) return accept(outcome, place);
  const halt = await stores.halts.get(HALT_ID);
  const set = halt === undefined ? undefined : setIn(halt).find((one) => one.id === id);
  return set === undefined ? undefined : accept(set.halted ? 'halted' : 'resumed');
};

/**
 * Records that the message of a request was given up, for whoever waits for an answer. Resolves with the error of the
 * last attempt; undefined if none was recorded. If the message is sent again, this record answers it, so that the
 * request is not carried out long after it was meant.
 *
 * @throws Transient if others wrote the record at the same time.
 */
export const giveUp = async (ports: Ports, id: string): Promise<string | undefined> => {
  const { requests } = ports.stores;
  const record = await requests.get(id);
  if (record?.state !== 'seen') return record?.state === 'refused' ? record.outcome : undefined;
  const met = record.outcome?.replace(TRIED, '');
  const why = met === undefined ? '' : `: ${met}`;
  const outcome =
    (await carried(ports, record)) ??
    refuse(`given up after its last attempt; send it again as a new request if it is still meant${why}`);
  try {
    await requests.put(id, { ...record, ...outcome }, record.rev);
  } catch (thrown) {
    if (thrown instanceof Conflict) throw new Transient(`request ${id} is being answered: look again`);
    throw thrown;
  }
  return met;
};
