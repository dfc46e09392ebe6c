import { againOnConflict } from '../again-on-conflict.ts';
import { Conflict, Transient } from '../errors.ts';
import type { Finding } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import type { FindingRecord } from '../model/records.ts';
import { msOf } from '../model/time.ts';
import type { DecidePorts } from '../ports.ts';
import { eventTime, isPast, joins, later } from './correlate.ts';
import type { Rules } from './decide-tier.ts';
import { type Episode, episodeFor } from './episode.ts';
import type { FindingRecords } from './finding-records.ts';
import { UNWRITTEN_MS } from './merge.ts';
import { isSameFinding } from './own-id.ts';

type PlacePorts = Pick<DecidePorts, 'clock' | 'stores'> & Pick<Rules, 'policy'>;

/**
 * The episode of a finding. `fresh`: it was placed there just now, and `incident` is undefined only if there was none
 * yet. Otherwise `incident` is set if it was read on the way.
 */
export type Place = Omit<Episode, 'incident'> & { fresh: boolean; incident?: Incident | undefined };

/** An incident is not written for every finding, so its window may be out of date: then the finding records decide. */
const belongsTo =
  (ports: PlacePorts, one: Finding) =>
  async (newest: Incident): Promise<boolean> => {
    const at = eventTime(one.at, ports.clock.now());
    if (joins(newest, at)) return true;
    const { until, closesAt } = newest.window;
    if (isPast(newest) || at > closesAt || msOf(at) > msOf(until) + UNWRITTEN_MS) return false;
    const { items } = await ports.stores.findings.list({ key: newest.id }, { limit: 1000 });
    const last = items.reduce(
      (latest, r) => later(latest, eventTime(r.finding.at, ports.clock.now())),
      newest.window.from,
    );
    return msOf(at) <= msOf(last) + ports.policy.minutes.window * 60_000;
  };

/** The episode in a finding's record. An older record lacks it: then that of its incident, `known`, else undefined. */
export const placeOf = (
  { incident: id, ...record }: FindingRecord,
  known?: Pick<Incident, 'key' | 'episode'>,
): Place | undefined => {
  const { key = known?.key, episode = known?.episode } = record;
  return key === undefined || episode === undefined ? undefined : { id, key, episode, fresh: false };
};

/** Stores a finding under an incident, once. If another delivery of it came first, the place that one chose holds. */
export const placeFinding = async (
  ports: PlacePorts,
  findings: FindingRecords,
  one: Finding,
  key: string,
): Promise<Place> => {
  const { id, episode, incident } = await episodeFor(ports.stores, key, belongsTo(ports, one), ports.clock.now());
  const doc: FindingRecord = { v: 1, rev: 0, writer: '', finding: one, incident: id, key, episode };
  try {
    await findings.put(doc, null);
    return { id, key, episode, incident, fresh: true };
  } catch (thrown) {
    if (!(thrown instanceof Conflict)) throw thrown;
    const first = await findings.get(one.id);
    if (first !== undefined && !isSameFinding(first.finding, one))
      throw new Transient(`finding ${one.id} was placed with the id of another at the same time: try again`);
    return (first === undefined ? undefined : placeOf(first)) ?? { id, key, episode, fresh: false };
  }
};

/**
 * Places a finding again because its episode ended before it was merged, by a person or by the next episode: into the
 * episode that new findings of this key belong to. The record is moved by compare-and-set before the finding has any
 * effect. If another delivery has moved it already, that place holds.
 *
 * @throws Transient after five lost races.
 */
export const placeAnew = (ports: PlacePorts, findings: FindingRecords, one: Finding, ended: Place): Promise<Place> =>
  againOnConflict(`finding ${one.id} was placed by others`, async () => {
    const record = await findings.read(one.id);
    if (record === undefined) throw new Transient(`finding ${one.id} was there and is not: try again`);
    if (record.incident !== ended.id) {
      const moved = placeOf(record);
      if (moved !== undefined) return moved;
    }
    const { key } = ended;
    const { id, episode, incident } = await episodeFor(ports.stores, key, belongsTo(ports, one), ports.clock.now());
    await findings.put({ ...record, incident: id, key, episode }, record.rev);
    return { id, key, episode, incident, fresh: true };
  });
