import { hash } from 'node:crypto';
import type { AuditSignal } from '../model/signal.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import type { Sighting } from './rule.ts';

/** One event that a rule remembers, and what of it counts. */
export type Recollection = { event: string; at: Time; what: string };

/** What a rule remembers of one subject. `told`: the event that it last made something of. */
export type History = { seen: readonly Recollection[]; told?: { event: string; at: Time } };

/** What is made of an entry, and what is remembered after it: the very history that was given, where nothing is new. */
export type Recalled = { history: History; sighting?: Sighting };

export const NO_HISTORY: History = { seen: [] };

/** More is not remembered: a history is a small document, whatever a stranger does. */
export const MAX_SEEN = 100;
const MAX_WHAT = 160;

/** A text as it is, or, where it is longer, its beginning with a hash of it: what differs stays different. */
export const brief = (text: string, max = MAX_WHAT): string => {
  if (text.length <= max) return text;
  const of = hash('sha256', text);
  return `${text.slice(0, max - of.length - 1)}#${of}`;
};

/** The history with an event added; a redelivered one is in it already. What is older than the window is forgotten. */
export const remembered = (history: History, signal: AuditSignal, what: string, windowMs: number): History => {
  if (history.seen.some(({ event }) => event === signal.event)) return history;
  const added = [...history.seen, { event: signal.event, at: signal.at, what: brief(what) }];
  return { ...history, seen: trimmed(recentOf(added, windowMs)) };
};

/**
 * As many as are remembered: the oldest of which there is a newer one go first. Whoever does one thing over and over would
 * push out what else they did.
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

/** What happened within the window before the newest of the events, in order of time. */
const recentOf = (seen: readonly Recollection[], windowMs: number): readonly Recollection[] => {
  const ordered = isOrdered(seen) ? seen : seen.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const [oldest, newest] = [ordered.at(0), ordered.at(-1)];
  // Nearly always all of them, as they are: then nothing is made anew.
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

/** A time a while after another, or before it. Times compare as texts: reading each of a hundred takes long. */
const moved = (at: Time, ms: number): Time => timeOf(msOf(at) + ms);

type Burst = {
  what: string;
  windowMs: number;
  /** For how long nothing more is told or remembered once it was told; a window, where it is left out. */
  quietMs?: number;
  /** Only what is new counts: the same `what` again is remembered only to keep it fresh. */
  distinct?: true;
  isBurst(recent: readonly Recollection[]): boolean;
  tell(recent: readonly Recollection[]): Sighting;
};

/**
 * Tells of a burst once: the event that completes it, also when that is delivered again. For a while after that nothing
 * more is told or remembered, so that a flood costs no writes.
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

/** Whether the same was seen in the last quarter of the window. */
const isFresh = ({ seen }: History, signal: AuditSignal, { what, windowMs }: Burst): boolean =>
  seen.some((one) => one.what === brief(what) && Math.abs(msOf(one.at) - msOf(signal.at)) <= windowMs / 4);

/** Whether an event is the first of its history within the window; later ones do not make it less so. */
export const isFirst = ({ seen }: History, signal: AuditSignal, windowMs: number): boolean => {
  const from = moved(signal.at, -windowMs);
  return !seen.some(({ event, at }) => event !== signal.event && from <= at && at <= signal.at);
};

/** How many different things are among what is remembered. */
export const kindsOf = (seen: readonly Recollection[]): string[] => [...new Set(seen.map(({ what }) => what))];
