import { Conflict, Transient } from '../../errors.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { Stores } from '../../ports.ts';
import { accept, carriedIn, type Outcome, refuse } from './request.ts';

/** What the record says while its message is delivered again, before what the last attempt met. */
const TRIED = /^not answered yet[^:]*: /;

type Ports = { stores: Pick<Stores, 'requests' | 'incidents' | 'halts'> };

/** What a request came to that was carried in, though its record could not be written; undefined where it was not. */
const carried = async ({ stores }: Ports, { id, incident, request }: RequestRecord): Promise<Outcome | undefined> => {
  const place = incident ?? request?.incident;
  const held = place === undefined ? undefined : await stores.incidents.get(place);
  const outcome = held === undefined ? undefined : carriedIn(held, id);
  if (outcome !== undefined) return accept(outcome, place);
  const halt = await stores.halts.get('halt');
  return halt?.request === id ? accept(halt.halted ? 'halted' : 'resumed') : undefined;
};

/**
 * Writes down that a request's message was given up, for whoever waits for an answer, and resolves with what its last attempt
 * met; undefined where nobody wrote that. Sent again it is answered from this: it is not carried out long after it was meant.
 *
 * @throws Transient where its record was written by others at the same time.
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
