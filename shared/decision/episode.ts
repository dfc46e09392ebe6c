import { againOnConflict } from '../again-on-conflict.ts';
import type { Incident } from '../model/incident.ts';
import type { Head } from '../model/records.ts';
import { msOf, timeOf } from '../model/time.ts';
import type { Stores } from '../ports.ts';
import { incidentIdOf } from './correlate.ts';

/** One episode of an incident key; `incident` is undefined until somebody has opened it. */
export type Episode = { id: string; key: string; episode: number; incident: Incident | undefined };

type EpisodeStores = Pick<Stores, 'heads' | 'incidents'>;

/** For how long after it was counted an episode without an incident is one that somebody is about to open, ms. */
const OPENING_MS = 24 * 60 * 60_000;

/**
 * Whether an episode without an incident will not be opened any more: its incident has expired since. Its id, and what
 * bears it, must not be reused.
 */
export const isExpired = ({ countedAt }: Head, now: number): boolean =>
  countedAt !== undefined && msOf(countedAt) < now - OPENING_MS;

/**
 * The episode of a key that something new belongs to at `now` (ms): the newest one if `belongs` says so, else the next
 * one. Episodes are counted by compare-and-set in `heads/KEY`, so that concurrent callers get the same number.
 *
 * @throws Transient after five lost races.
 */
export const episodeFor = (
  stores: EpisodeStores,
  key: string,
  belongs: (newest: Incident) => boolean | Promise<boolean>,
  now: number,
): Promise<Episode> =>
  againOnConflict(`the episodes of ${key} were counted by others`, async () => {
    const head = await stores.heads.get(key);
    const incident = head === undefined ? undefined : await stores.incidents.get(head.incident);
    if (head !== undefined && (incident === undefined ? !isExpired(head, now) : await belongs(incident)))
      return { id: head.incident, key, episode: head.episode, incident };
    const episode = (head?.episode ?? 0) + 1;
    const id = incidentIdOf(key, episode);
    const next = { key, episode, incident: id, countedAt: timeOf(now) };
    await stores.heads.put(key, { v: 1, rev: 0, writer: '', ...head, ...next }, head?.rev ?? null);
    return { id, key, episode, incident: undefined };
  });

/** The episode before one; undefined for the first. */
export const previousOf = async (
  stores: Pick<Stores, 'incidents'>,
  { key, episode }: Pick<Episode, 'key' | 'episode'>,
): Promise<Incident | undefined> => (episode <= 1 ? undefined : stores.incidents.get(incidentIdOf(key, episode - 1)));

/**
 * The head of the key of an incident, if a later episode was counted, with the incident of that: undefined until somebody
 * has opened it.
 */
export const followerOf = async (
  stores: EpisodeStores,
  { id, key }: Pick<Incident, 'id' | 'key'>,
): Promise<{ head: Head; later: Incident | undefined } | undefined> => {
  const head = await stores.heads.get(key);
  return head === undefined || head.incident === id
    ? undefined
    : { head, later: await stores.incidents.get(head.incident) };
};

/**
 * The newest incident of the same key, if it is a later episode; undefined also if there is no incident with this id.
 */
export const laterThan = async (stores: EpisodeStores, id: string): Promise<Incident | undefined> => {
  const incident = await stores.incidents.get(id);
  return incident === undefined ? undefined : (await followerOf(stores, incident))?.later;
};

/**
 * Why nothing may be begun in an incident any more: a later episode of its key was opened. If both changed the same
 * pod, the before-image of one would be the change of the other. undefined: no later episode was opened, or there is
 * no incident with this id.
 */
export const followedBy = async (stores: EpisodeStores, id: string): Promise<string | undefined> => {
  const later = await laterThan(stores, id);
  return later === undefined
    ? undefined
    : `incident ${id} has run out: what came later on the same target is incident ${later.id}; act on that one`;
};
