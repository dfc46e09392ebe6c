import { againOnConflict } from '../again-on-conflict.ts';
import { type IncidentPorts, updateIncident } from '../incidents.ts';
import type { Incident } from '../model/incident.ts';
import type { Head } from '../model/records.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import type { Stores } from '../ports.ts';
import { incidentIdOf, joins } from './correlate.ts';

/** One episode of an incident key; `incident` is undefined until somebody has opened it. */
export type Episode = { id: string; key: string; episode: number; incident: Incident | undefined };

type EpisodeStores = Pick<Stores, 'heads' | 'incidents'>;

/** For how long after it was counted an episode without an incident is one that somebody is about to open, ms. */
const OPENING_MS = 24 * 60 * 60_000;
/** So many episodes in a row that were counted and never opened are looked past. */
const UNOPENED = 5;

/**
 * Whether an episode without an incident will not be opened any more: its incident has expired since. Its id, and what
 * bears it, must not be reused.
 */
export const isExpired = ({ countedAt }: Head, now: number): boolean =>
  countedAt !== undefined && msOf(countedAt) < now - OPENING_MS;

/** The newest episode of a key that somebody has opened, of those up to this number. */
const openedUpTo = async (
  stores: Pick<Stores, 'incidents'>,
  key: string,
  episode: number,
): Promise<Incident | undefined> => {
  for (let n = episode; n > 0 && n > episode - UNOPENED; n -= 1) {
    const found = await stores.incidents.get(incidentIdOf(key, n));
    if (found !== undefined) return found;
  }
  return undefined;
};

/**
 * The episode of a key that something new belongs to at `now` (ms): the newest that was opened if `belongs` says so,
 * else the next one. Episodes are counted by compare-and-set in `heads/KEY`, so that concurrent callers get the same
 * number.
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
    const newest = head === undefined ? undefined : await openedUpTo(stores, key, head.episode);
    if (newest !== undefined && (await belongs(newest)))
      return { id: newest.id, key, episode: newest.episode, incident: newest };
    if (head !== undefined && head.incident !== newest?.id && !isExpired(head, now))
      return { id: head.incident, key, episode: head.episode, incident: undefined };
    const episode = (head?.episode ?? 0) + 1;
    const id = incidentIdOf(key, episode);
    const next = { key, episode, incident: id, countedAt: timeOf(now) };
    await stores.heads.put(key, { v: 1, rev: 0, writer: '', ...head, ...next }, head?.rev ?? null);
    return { id, key, episode, incident: undefined };
  });

/** The episode before one, of those that somebody has opened; undefined for the first. */
export const previousOf = (
  stores: Pick<Stores, 'incidents'>,
  { key, episode }: Pick<Episode, 'key' | 'episode'>,
): Promise<Incident | undefined> => openedUpTo(stores, key, episode - 1);

/**
 * Notes in the episode before one that this one is opened at the time `at`: from then on nothing is begun in the former,
 * since two episodes that act on one pod would take over each other's changes. Gives the former as it is then. It is
 * not past if something was begun there meanwhile: then what happened at `at` belongs there, and nothing is noted.
 */
export const passedBy = async (
  ports: IncidentPorts,
  former: Incident | undefined,
  { id }: Pick<Episode, 'id'>,
  at: Time,
): Promise<Incident | undefined> => {
  const pass = (i: Incident): Incident => (i.followedBy === id || joins(i, at) ? i : { ...i, followedBy: id });
  return former === undefined ? undefined : updateIncident(ports, former.id, pass, former);
};

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

/** Why nothing may be begun in an incident any more: the next episode was opened. undefined: none was. */
export const ranOut = ({ id, followedBy }: Pick<Incident, 'id' | 'followedBy'>): string | undefined =>
  followedBy === undefined
    ? undefined
    : `incident ${id} has run out: what came later on the same target is incident ${followedBy}; act on that one`;
