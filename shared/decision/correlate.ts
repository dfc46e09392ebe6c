import { hash } from 'node:crypto';
import { inForce, isLeftBehind } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import type { OwnerRef, Subject } from '../model/subject.ts';
import type { Target } from '../model/target.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import { toldOfText } from '../told-of-text.ts';
import type { Policy } from './policy.ts';
import { isContainment, isDue } from './state.ts';

type Minutes = Policy['minutes'];

const sha256 = (text: string): string => hash('sha256', text);

const MINUTE_MS = 60_000;

/**
 * The incident key of a target without a known UID: the names of its place, with the principal. Hashed, so that it can
 * be the id of a document.
 */
export const keyOfPlace = (target: Target): string => {
  const { project, location, cluster, namespace, pod, workload, node, instance, principal } = target;
  const place = [project, location, cluster, namespace, pod, workload?.kind, workload?.name, node, instance, principal];
  return `${cluster === undefined ? 'project' : 'cluster'}-${hashOfPlace(JSON.stringify(place))}`;
};

/** Remembers recent hashes: the same place usually has several events. */
const hashOfPlace = toldOfText((place) => sha256(place).slice(0, 32));

/** The key of a resolved UID or instance id: the id itself, or its hash if it cannot be the id of a document. */
export const keyOfUid = (uid: string): string =>
  /^[A-Za-z0-9-]{1,100}$/.test(uid) ? uid : `uid-${sha256(uid).slice(0, 32)}`;

/**
 * The key of a controller that could not be read: a hash over all fields of the reference, so that a reference with a
 * borrowed UID never gets the key of the object that really has that UID.
 */
export const keyOfClaim = ({ apiVersion, kind, name, uid }: OwnerRef): string =>
  `claim-${sha256(JSON.stringify([apiVersion, kind, name, uid])).slice(0, 32)}`;

/** The incident id of one episode of a key. It depends on nothing else, so everyone computes the same id. */
export const incidentIdOf = (key: string, episode: number): string => `i-${sha256(key).slice(0, 12)}-${episode}`;

/** Whether an incident has changes in force, or a goal that is still to be carried out. */
const holdsChanges = (incident: Incident): boolean => incident.journal.some(inForce) || isDue(incident);

/** Whether a person has released or closed the incident. No finding joins it after that. */
export const isOver = ({ goal }: Pick<Incident, 'goal'>): boolean =>
  goal?.tier === 'released' || goal?.tier === 'closed';

/** Whether nothing is begun in the incident any more: a person has ended it, or the next episode was opened. */
export const isPast = (incident: Pick<Incident, 'goal' | 'followedBy'>): boolean =>
  isOver(incident) || incident.followedBy !== undefined;

/**
 * Whether a finding with this event time belongs to the episode. While the episode holds changes, every finding does. A
 * finding from before the window is a late delivery, and belongs to the newest episode as well.
 */
export const joins = (incident: Incident, at: Time): boolean =>
  !isPast(incident) && (holdsChanges(incident) || (at <= incident.window.until && at <= incident.window.closesAt));

/** The time of a finding, but never later than `now`: a clock that runs ahead must not keep an episode open. */
export const eventTime = (at: Time, now: number): Time => (msOf(at) > now ? timeOf(now) : at);

/** The later of two times. */
export const later = (a: Time, b: Time): Time => (b > a ? b : a);

/** The window after one more event. An event from more than `window` minutes before it is late and does not move it. */
export const windowWith = (
  window: Incident['window'] | undefined,
  at: Time,
  { window: length, maxAge }: Minutes,
): Incident['window'] => {
  const after = (time: Time, minutes: number): Time => timeOf(msOf(time) + minutes * MINUTE_MS);
  if (window === undefined) return { from: at, until: after(at, length), closesAt: after(at, maxAge) };
  if (msOf(at) < msOf(window.from) - length * MINUTE_MS) return window;
  const from = at < window.from ? at : window.from;
  return { from, until: later(after(at, length), window.until), closesAt: after(from, maxAge) };
};

/**
 * Until when findings of the next episode lead to an ask at most: for some time after a release, or as long as that
 * limit of the previous episode lasts, which may have ended earlier by a close or for lack of findings. undefined: no
 * release came before.
 */
export const cooldownOf = (previous: Incident | undefined, { cooldown }: Minutes): Time | undefined =>
  previous?.goal?.tier === 'released' ? timeOf(msOf(previous.goal.at) + cooldown * MINUTE_MS) : previous?.cooldownUntil;

/** Whether a closed incident has left changes in force, or may still leave some. */
const leaves = (incident: Incident): boolean =>
  incident.goal?.tier === 'closed' &&
  (isDue(incident) || incident.journal.some((e) => isContainment(e) && isLeftBehind(e)));

/** Whether an episode ended before it could take over what it was to: without a goal, or with its last run behind it. */
const passesOn = (incident: Incident): boolean =>
  incident.takesOver !== undefined && (incident.goal === null || (isOver(incident) && !isDue(incident)));

/**
 * What the next episode takes over: the changes that a closed episode left in force. The previous episode may itself
 * have been meant to take them over, but ended before it could.
 */
export const takenOverFrom = (previous: Incident | undefined): Pick<Opening, 'takesOver' | 'subjects'> =>
  previous !== undefined && (leaves(previous) || passesOn(previous))
    ? { takesOver: previous.id, subjects: previous.subjects }
    : { takesOver: undefined, subjects: [] };

/** The fields that a new incident starts with. */
type Opening = {
  id: string;
  key: string;
  episode: number;
  target: Target;
  subjects: Subject[];
  window: Incident['window'];
  cooldownUntil: Time | undefined;
  /** The closed episode that it takes over from. */
  takesOver?: string | undefined;
};

/** How the episode after `previous` opens at this time: what it takes over, and until when it asks at most. */
export const openingAfter = (
  previous: Incident | undefined,
  { id, key, episode }: Pick<Opening, 'id' | 'key' | 'episode'>,
  target: Target,
  at: Time,
  minutes: Minutes,
): Opening => ({
  id,
  key,
  episode,
  target,
  ...takenOverFrom(previous),
  window: windowWith(undefined, at, minutes),
  cooldownUntil: cooldownOf(previous, minutes),
});

/** A new incident that has no finding yet: only its target is known. */
export const openIncident = (of: Opening, now: number): Incident => ({
  v: 1,
  rev: 0,
  writer: '',
  id: of.id,
  key: of.key,
  episode: of.episode,
  state: 'open',
  target: of.target,
  subjects: of.subjects,
  severity: null,
  confidence: null,
  findings: [],
  summary: { count: 0, maxima: [], principals: [] },
  decision: null,
  goal: null,
  plan: [],
  journal: [],
  run: { rev: 0 },
  window: of.window,
  openedAt: timeOf(now),
  ...(of.cooldownUntil === undefined ? {} : { cooldownUntil: of.cooldownUntil }),
  ...(of.takesOver === undefined ? {} : { takesOver: of.takesOver }),
  outbox: [],
  published: { notices: 0, goal: 0 },
});
