import { z } from 'zod';

/**
 * A moment as we store it: UTC, milliseconds, exactly as `Date.prototype.toISOString` writes it, so that two of
 * them compare as strings. Foreign times are read by `toTime`.
 */
export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'expected a UTC time with milliseconds');
export type Time = z.infer<typeof time>;

/** The stored form of milliseconds since the epoch. */
export const timeOf = (ms: number): Time => new Date(ms).toISOString();

/** Milliseconds since the epoch of a stored time. */
export const msOf = (at: Time): number => Date.parse(at);

const WHOLE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3,9}Z$/;

/** Reads a foreign RFC 3339 time (any offset, up to nine fractional digits); undefined where it is none. */
export const toTime = (foreign: string): Time | undefined => {
  // As logs write nearly every time: in UTC, on a day that every month has.
  if (WHOLE.test(foreign)) return `${foreign.slice(0, 23)}Z`;
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$/.test(foreign)) return undefined;
  const ms = Date.parse(foreign.replace(/(\.\d{3})\d+/, '$1').replace(' ', 'T'));
  return Number.isNaN(ms) ? undefined : timeOf(ms);
};

/** The earlier of the times that are there. */
export const earliest = (...times: Array<Time | undefined>): Time | undefined =>
  times.reduce((a, b) => (a === undefined ? b : b === undefined || a <= b ? a : b), undefined);
