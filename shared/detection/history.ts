import { hash } from 'node:crypto';
import type { AuditSignal } from '../model/signal.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import type { Sighting } from './rule.ts';

/** One event that a rule remembers, and what about the event counts. */
export type Recollection = { event: string; at: Time; what: string };

/** What a rule remembers of one subject. `told`: the event that last led to a sighting. */
export type History = { seen: readonly Recollection[]; told?: { event: string; at: Time } };

/**
 * What a rule concludes from an entry and the history after it: the same object that was given, where nothing is new.
 */
export type Recalled = { history: History; sighting?: Sighting };

export const NO_HISTORY: History = { seen: [] };

/** The most events that a history holds, so that it stays a small document whatever a stranger does. */
export const MAX_SEEN = 100;
const MAX_WHAT = 160;

/**
 * The text itself, or, where it is longer than `max`, its beginning with a hash of the whole: different texts stay
 * different.
 */
export const brief = (text: string, max = MAX_WHAT): string => {
  if (text.length <= max) return text;
  const of = hash('sha256', text);
  return `${text.slice(0, max - of.length - 1)}#${of}`;
};

/**
 * The history with the event added, unless it is in there already (a redelivery). Events older than the window are
 * dropped.
 */
export const remembered = (history: History, signal: AuditSignal, what: string, windowMs: number): History => {
  if (history.seen.some(({ event }) => event === signal.event)) return history;
  const added = [...history.seen, { event: signal.event, at: signal.at, what: brief(what) }];
  return { ...history, seen: trimmed(recentOf(added, windowMs)) };
};

/**
 * At most `MAX_SEEN` events. The first to go are the oldest that have a newer event with the same `what`: otherwise
 * someone who does one thing over and over would push out everything else they did.
 */
const trimmed = (seen: readonly Recollection[]): readonly Recollection[] => {
  let spare = seen.length - MAX_SEEN;
  if (spare <= 0) return seen;
  const newest = new Map(seen.map(({ what }, index) => [what, index]));
  const kept = seen.filter(({ what }, index) => {
    const goes = spare > 0 && newest.get(what) !== index;
    if (goes) spare -= 1;
    return !goes;
  });
  return kept.slice(-MAX_SEEN);
};

/** The events within the window before the newest one, in order of time. */
const recentOf = (seen: readonly Recollection[], windowMs: number): readonly Recollection[] => {
  const ordered = isOrdered(seen) ? seen : seen.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const [oldest, newest] = [ordered.at(0), ordered.at(-1)];
  // Nearly always all events are recent: then the list is returned as it is, without a copy.
  if (oldest === undefined || newest === undefined || msOf(newest.at) - msOf(oldest.at) <= windowMs) return ordered;
  const since = moved(newest.at, -windowMs);
  return ordered.filter(({ at }) => at >= since);
};

const isOrdered = (seen: readonly Recollection[]): boolean => {
  let before = '';
  for (const { at } of seen) {
    if (at < before) return false;
    before = at;
  }
  return true;
};

/** A time moved by `ms`, which may be negative. Times compare as texts, since parsing each of a hundred takes long. */
const moved = (at: Time, ms: number): Time => timeOf(msOf(at) + ms);

type Burst = {
  what: string;
  windowMs: number;
  /** How long nothing more is told or remembered after a sighting; `windowMs` where left out. */
  quietMs?: number;
  /** Only new values of `what` count. A repeated value is remembered only to keep it fresh. */
  distinct?: true;
  isBurst(recent: readonly Recollection[]): boolean;
  tell(recent: readonly Recollection[]): Sighting;
};

/**
 * Tells of a burst once: on the event that completes it, also when that event is delivered again. For `quietMs` after
 * that nothing more is told or remembered, so that a flood costs no writes.
 */
export const burst = (signal: AuditSignal, history: History, of: Burst): Recalled => {
  const { told } = history;
  const again = told?.event === signal.event;
  const quietMs = of.quietMs ?? of.windowMs;
  if (told !== undefined && !again && Math.abs(msOf(signal.at) - msOf(told.at)) <= quietMs) return { history };
  if (of.distinct === true && !again && isFresh(history, signal, of)) return { history };
  const next = remembered(history, signal, of.what, of.windowMs);
  const recent = recentOf(next.seen, of.windowMs);
  if (!of.isBurst(recent)) return { history: next };
  const sighting = of.tell(recent);
  return again
    ? { history, sighting }
    : { history: { seen: recent, told: { event: signal.event, at: signal.at } }, sighting };
};

/** Whether the same `what` was seen within a quarter of the window. */
const isFresh = ({ seen }: History, signal: AuditSignal, { what, windowMs }: Burst): boolean =>
  seen.some((one) => one.what === brief(what) && Math.abs(msOf(one.at) - msOf(signal.at)) <= windowMs / 4);

/**
 * Tells of the first event of a subject within the window. Of the events after it, at most one in half a window is
 * remembered: the memory stays fresh, and whoever does the same thing all day costs no writes.
 */
export const first = (signal: AuditSignal, history: History, windowMs: number, tell: () => Sighting): Recalled => {
  if (!isFirst(history, signal, windowMs / 2)) return { history };
  const next = remembered(history, signal, '', windowMs);
  return isFirst(history, signal, windowMs) ? { history: next, sighting: tell() } : { history: next };
};

/** Whether no other event of the history lies within the window before this one. Later events do not matter. */
const isFirst = ({ seen }: History, signal: AuditSignal, windowMs: number): boolean => {
  const from = moved(signal.at, -windowMs);
  return !seen.some(({ event, at }) => event !== signal.event && from <= at && at <= signal.at);
};

/** The distinct values of `what` among the remembered events. */
export const kindsOf = (seen: readonly Recollection[]): string[] => [...new Set(seen.map(({ what }) => what))];
