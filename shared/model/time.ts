import { z } from 'zod';

/**
 * A moment as we store it: UTC, milliseconds, exactly as `Date.prototype.toISOString` writes it, so that two of
 * them compare as strings. Foreign times are read by `toTime`.
 */
export const time = z
  .string()
  .regex(
    /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/,
    'expected a UTC time with milliseconds',
  );
export type Time = z.infer<typeof time>;

const DAY_MS = 86_400_000;
/** The last moment that Date can represent, ms since the epoch. */
const MAX_MS = 100_000_000 * DAY_MS;
const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

let day = { number: Number.NaN, begins: '' };

/** The stored form of milliseconds since the epoch: as `toISOString`, but three times as fast within one day. */
export const timeOf = (ms: number): Time => {
  if (!Number.isInteger(ms) || Math.abs(ms) >= MAX_MS) return new Date(ms).toISOString();
  const number = Math.floor(ms / DAY_MS);
  if (number !== day.number) day = { number, begins: new Date(number * DAY_MS).toISOString().split('T', 1)[0] ?? '' };
  const left = ms - number * DAY_MS;
  const seconds = Math.floor(left / 1000);
  const [hour, minute, second] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = `${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[second]}`;
  return `${day.begins}T${clock}.${String(left % 1000).padStart(3, '0')}Z`;
};

/** How far the clocks of two machines may differ, ms: an object may seem to be created this long after it was named. */
export const CLOCK_TOLERANCE_MS = 2_000;

/** Milliseconds since the epoch of a stored time. */
export const msOf = (at: Time): number => Date.parse(at);

/** Items by a time of theirs, the newest first. */
export const newestFirst = <T>(items: readonly T[], at: (item: T) => Time): T[] =>
  items.toSorted((a, b) => (at(a) < at(b) ? 1 : at(a) > at(b) ? -1 : 0));

const WHOLE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3,9}Z$/;

/** Reads a foreign RFC 3339 time (any offset, up to nine fractional digits); undefined where it is none. */
export const toTime = (foreign: string): Time | undefined => {
  // The form of nearly every time in logs: UTC, on a day that every month has.
  if (WHOLE.test(foreign)) return `${foreign.slice(0, 23)}Z`;
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$/.test(foreign)) return undefined;
  const ms = Date.parse(foreign.replace(/(\.\d{3})\d+/, '$1').replace(' ', 'T'));
  return Number.isNaN(ms) ? undefined : timeOf(ms);
};

/** The earliest of the given times that are defined; undefined if none is. */
export const earliest = (...times: Array<Time | undefined>): Time | undefined =>
  times.reduce((a, b) => (a === undefined ? b : b === undefined || a <= b ? a : b), undefined);
