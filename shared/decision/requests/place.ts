import { againOnConflict } from '../../again-on-conflict.ts';
import { Transient } from '../../errors.ts';
import type { Incident } from '../../model/incident.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { Stores } from '../../ports.ts';
import { type Episode, episodeFor } from '../episode.ts';

/** The episode that a request is carried into. */
export type Placed = Omit<Episode, 'incident'>;

const placeIn = ({ incident: id, key, episode }: RequestRecord): Placed | undefined =>
  id === undefined || key === undefined || episode === undefined ? undefined : { id, key, episode };

/**
 * The episode of a request, decided and recorded once, before the request has any effect: a redelivery after the end of
 * that episode must not carry the request into the next one.
 *
 * @throws Transient after five lost races.
 */
export const placeRequest = (
  stores: Pick<Stores, 'heads' | 'incidents' | 'requests'>,
  id: string,
  key: string,
  joins: (newest: Incident) => boolean,
  now: number,
): Promise<Placed> =>
  againOnConflict(`request ${id} was written by others`, async () => {
    const record = await stores.requests.get(id);
    if (record === undefined) throw new Transient(`request ${id} was there and is not: try again`);
    const known = placeIn(record);
    if (known !== undefined) return known;
    const { incident: _, ...place } = await episodeFor(stores, key, joins, now);
    await stores.requests.put(id, { ...record, incident: place.id, key, episode: place.episode }, record.rev);
    return place;
  });
