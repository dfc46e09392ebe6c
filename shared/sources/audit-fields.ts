import { hash } from 'node:crypto';
import { PERMISSION_DENIED, UNAUTHENTICATED } from '../grpc-codes.ts';
import { at, integer, type Loose, record, text } from '../kubernetes/loose.ts';
import { isClusterName, isLocation, isProjectId } from '../kubernetes/names.ts';
import type { AuditSignal, Place } from '../model/signal.ts';
import { type Time, timeOf, toTime } from '../model/time.ts';
import type { ReadContext } from './source.ts';

/** The project of a signal that names none, so that a finding can still be shown. No deployment serves it. */
export const UNKNOWN_PROJECT = 'unknown-project';

const MAX_NAME = 1024;
const MAX_TEXT = 512;

/** A foreign string, cut to a length; undefined where the value is not a string, or is empty. */
export const bounded = (value: unknown, max = MAX_TEXT): string | undefined => {
  if (typeof value !== 'string' || value === '') return undefined;
  return value.length <= max ? value : value.slice(0, max);
};

/** A principal's name, only cut and never cleaned: a cleaned name could become that of somebody else. */
export const boundedName = (value: unknown): string | undefined => bounded(value, MAX_NAME);

/** The entries of an object whose values are strings. */
export const strings = (value: unknown): Readonly<Record<string, string>> => {
  const held = record(value) ?? {};
  // Nearly always all values are strings. The object itself is returned then, since nobody changes what was read.
  if (areStrings(held)) return held;
  return Object.fromEntries(
    Object.entries(held).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
};

const areStrings = (held: Loose): held is Readonly<Record<string, string>> => {
  for (const key in held) if (typeof held[key] !== 'string') return false;
  return true;
};

/** The first readable time, else `now` and a doubt. A time without a zone counts as UTC. */
export const timeFrom = (candidates: readonly unknown[], now: number): { at: Time; doubt?: string } => {
  for (const candidate of candidates) {
    const written = text(candidate);
    const read = written === undefined ? undefined : (toTime(written) ?? toTime(`${written}Z`));
    if (read !== undefined) return { at: read };
  }
  return { at: timeOf(now), doubt: 'the event has no readable time: the time of reading stands in' };
};

/**
 * The parts of a place that pass the platform's grammar. Missing parts come from the context; a missing project is
 * doubted.
 */
export const placeFrom = (named: Named, { place }: ReadContext): PlaceRead => {
  // The last answer is reused: a log is mostly of one cluster, and nobody changes what was read.
  const { project, location, cluster } = named;
  const known = last !== undefined && last.place === place && last.named.project === project;
  if (last === undefined || !known || last.named.location !== location || last.named.cluster !== cluster)
    last = { named, place, read: readPlace(named, place) };
  return last.read;
};

type Named = { project?: unknown; location?: unknown; cluster?: unknown };
type PlaceRead = { place: Place; doubt?: string };

let last: { named: Named; place: Place | undefined; read: PlaceRead } | undefined;

const readPlace = (named: Named, place: Place | undefined): PlaceRead => {
  const project = checked(named.project, isProjectId) ?? place?.project;
  const location = checked(named.location, isLocation) ?? place?.location;
  const cluster = checked(named.cluster, isClusterName) ?? place?.cluster;
  return {
    place: {
      project: project ?? UNKNOWN_PROJECT,
      ...(location === undefined ? {} : { location }),
      ...(cluster === undefined ? {} : { cluster }),
    },
    ...(project === undefined ? { doubt: `the event names no project: ${UNKNOWN_PROJECT} stands in` } : {}),
  };
};

const checked = (value: unknown, is: (name: string) => boolean): string | undefined => {
  const name = text(value);
  return name !== undefined && is(name) ? name : undefined;
};

/** An id of 32 hex digits, the same for the same parts. */
export const eventId = (...parts: string[]): string => hash('sha256', JSON.stringify(parts)).slice(0, 32);

/** JSON with sorted keys, so that two spellings of one payload give the same text. `unwrap` bounds the nesting. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const object = record(value);
  if (object === undefined) return JSON.stringify(value) ?? 'null';
  const keys = Object.keys(object).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(object[key])}`).join(',')}}`;
};

const UNKNOWN_ERROR = 2;

/** The gRPC code closest to an HTTP status. 1xx and 3xx come from proxies and upgrades and are not errors. */
export const codeOfHttp = (http: number): number => {
  if (http < 400) return 0;
  return (
    new Map([
      [401, UNAUTHENTICATED],
      [403, PERMISSION_DENIED],
      [404, 5],
      [409, 10],
      [429, 8],
    ]).get(http) ?? UNKNOWN_ERROR
  );
};

const NOTHING_SAID: Loose = {};
/** The outcome of nearly every call. */
const CAME_TO_ALL = { status: { code: 0 }, outcome: 'ok' } as const;

/** The outcome of a call, from its gRPC status or, where that is missing, from a Kubernetes Status in the response. */
export const outcomeFrom = (written: unknown, response: unknown): Pick<AuditSignal, 'status' | 'outcome'> => {
  const { message: said, code: told } = record(written) ?? NOTHING_SAID;
  const message = bounded(said);
  const code = integer(told) ?? codeOfAnswer(response);
  if (code === 0 && message === undefined) return CAME_TO_ALL;
  return {
    status: { code, ...(message === undefined ? {} : { message }) },
    outcome: code === 0 ? 'ok' : code === PERMISSION_DENIED || code === UNAUTHENTICATED ? 'denied' : 'failed',
  };
};

const codeOfAnswer = (response: unknown): number =>
  at(response, 'status') === 'Failure' ? codeOfHttp(integer(at(response, 'code')) ?? 500) : 0;

/** A body as an object; a list of operations (JSON patch) is kept under `patch`. */
export const bodyOf = (value: unknown): Loose | undefined => (Array.isArray(value) ? { patch: value } : record(value));
