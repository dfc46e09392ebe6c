import { hash } from 'node:crypto';
import { inForce } from '../model/entry.ts';
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
 * The key of what has no UID of its own, or whose UID nobody knows: the place as named, with the principal. Hashed, so
 * that it may name a document.
 */
export const keyOfPlace = (target: Target): string => {
  const { project, location, cluster, namespace, pod, workload, node, instance, principal } = target;
  const place = [project, location, cluster, namespace, pod, workload?.kind, workload?.name, node, instance, principal];
  return `${cluster === undefined ? 'project' : 'cluster'}-${hashOfPlace(JSON.stringify(place))}`;
};

/** What happens somewhere happens there more than once. */
const hashOfPlace = toldOfText((place) => sha256(place).slice(0, 32));

/** The key of a resolved UID or instance id: itself, as the API server gave it, or hashed where it could name no document. */
export const keyOfUid = (uid: string): string =>
  /^[A-Za-z0-9-]{1,100}$/.test(uid) ? uid : `uid-${sha256(uid).slice(0, 32)}`;

/**
 * The key of a controller that nobody could read: of everything that is said of it, so that it is never that of an object
 * whose UID it only borrows.
 */
export const keyOfClaim = ({ apiVersion, kind, name, uid }: OwnerRef): string =>
  `claim-${sha256(JSON.stringify([apiVersion, kind, name, uid])).slice(0, 32)}`;

/** The id of an episode of a key: the same from everyone who counts it. */
export const incidentIdOf = (key: string, episode: number): string => `i-${sha256(key).slice(0, 12)}-${episode}`;

/** Whether an incident that no person has ended has changes in the world, or on their way there. */
export const holdsChanges = (incident: Incident): boolean =>
  !isOver(incident) && (incident.journal.some(inForce) || isDue(incident));

/** Whether a person has ended the incident: then no finding joins it any more. */
export const isOver = ({ goal }: Pick<Incident, 'goal'>): boolean =>
  goal?.tier === 'released' || goal?.tier === 'closed';

/**
 * Whether a finding of this event time belongs to the episode. While changes are in force every later one does. One
 * from before the window is late, and belongs to the newest episode there is.
 */
export const joins = (incident: Incident, at: Time): boolean =>
  !isOver(incident) && (holdsChanges(incident) || (at <= incident.window.until && at <= incident.window.closesAt));

/** A finding's time as a window sees it: a clock that runs ahead must not hold an episode open. */
export const eventTime = (at: Time, now: number): Time => (msOf(at) > now ? timeOf(now) : at);

/** The later of two times. */
export const later = (a: Time, b: Time): Time => (b > a ? b : a);

/** The window after one more event. One from long before it, a late delivery, does not move it. */
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

/** What the next episode inherits from a released one: findings at most ask until then. undefined: nothing. */
export const cooldownOf = (previous: Incident | undefined, { cooldown }: Minutes): Time | undefined =>
  previous?.goal?.tier === 'released' ? timeOf(msOf(previous.goal.at) + cooldown * MINUTE_MS) : undefined;

/** What the next episode takes over from a closed one that left, or may leave, something in force. */
export const takenOverFrom = (previous: Incident | undefined): Pick<Opening, 'takesOver' | 'subjects'> =>
  previous?.goal?.tier === 'closed' && (isDue(previous) || previous.journal.some((e) => isContainment(e) && inForce(e)))
    ? { takesOver: previous.id, subjects: previous.subjects }
    : { takesOver: undefined, subjects: [] };

/** What opens an incident. */
export type Opening = {
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

/** An incident of which nothing is known yet but where it is. */
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
