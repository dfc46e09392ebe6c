import { msOf, type Time } from '../model/time.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n: number): string => String(n).padStart(2, '0');

/** A duration in ms for people: `80 ms`, `1.2 s`, `3 min 05 s`, `2 h 10 min`, `4 d 01 h`. */
export const durationText = (ms: number): string => {
  const all = Math.max(0, Math.round(ms));
  if (all < SECOND) return `${all} ms`;
  if (all < MINUTE) return `${(Math.floor(all / 100) / 10).toFixed(1)} s`;
  if (all < HOUR) return `${Math.floor(all / MINUTE)} min ${two(Math.floor((all % MINUTE) / SECOND))} s`;
  if (all < DAY) return `${Math.floor(all / HOUR)} h ${two(Math.floor((all % HOUR) / MINUTE))} min`;
  return `${Math.floor(all / DAY)} d ${two(Math.floor((all % DAY) / HOUR))} h`;
};

/** A duration in its largest unit only, for a column: `now`, `12 s`, `3 min`, `2 h`, `4 d`. */
export const ageText = (ms: number): string => {
  if (ms < SECOND) return 'now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  return ms < DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`;
};

/** The signed offset of a moment from another, with its units as durations have them: `+0.4 s`, `-12.0 s`, `+3 min 05 s`. */
export const offsetText = (ms: number): string => {
  const size = Math.abs(ms);
  const sign = ms < 0 ? '-' : '+';
  return size < SECOND ? `${sign}${(Math.floor(size / 100) / 10).toFixed(1)} s` : `${sign}${durationText(size)}`;
};

/** The time of day in UTC: `03:12:04`. */
export const clockText = (at: Time): string => at.slice(11, 19);

/** The day in UTC: `2026-11-03`. */
export const dayText = (at: Time): string => at.slice(0, 10);

/** A moment in UTC, for sentences: `2026-11-03 03:12:04 UTC`. */
export const momentText = (at: Time): string => `${dayText(at)} ${clockText(at)} UTC`;

/** The ms from one stored time to another; negative where `to` is earlier. */
export const between = (from: Time, to: Time): number => msOf(to) - msOf(from);
