import type { z } from 'zod';
import { type ComputeResource, computeUrl, parseComputeUrl } from '../compute-url.ts';
import { Transient } from '../errors.ts';
import type { Operation, OperationError } from '../model/compute.ts';
import { type Time, toTime } from '../model/time.ts';
import { meaningOf } from './compute-failure.ts';
import { operationReply } from './compute-shapes.ts';

/**
 * Reads a reply by its schema; Transient where it is not what it should be. Malformed speaks of what we were given, and is
 * acknowledged: no finding is to end there because the service, or a proxy on the way, answered nonsense.
 */
export const readReply = <T>(what: string, schema: z.ZodType<T>, reply: unknown): T => {
  const read = schema.safeParse(reply);
  if (read.success) return read.data;
  throw new Transient(`the reply is not ${what}: ${read.error.issues[0]?.path.join('.')}`);
};

/** A foreign time in our form; Transient where it is none. */
export const readTime = (what: string, foreign: string): Time => {
  const at = toTime(foreign);
  if (at === undefined) throw new Transient(`the reply is not ${what}: its time cannot be read`);
  return at;
};

/** A URL of this collection in a reply; Transient where it is another. */
export const repliedUrl = (what: string, url: string, collection: string): ComputeResource => {
  const at = parseComputeUrl(url);
  if (at?.collection === collection) return at;
  throw new Transient(`the reply is not ${what}: its URL is not that of one of ${collection}`);
};

/** The partial URL of a foreign one; as it came where it cannot be read. */
export const partialUrl = (url: string): string => {
  const at = parseComputeUrl(url);
  return at === undefined ? url : computeUrl(at);
};

const failure = (reply: z.output<typeof operationReply>): OperationError | undefined => {
  const first = reply.error?.errors[0];
  const status = reply.httpErrorStatusCode;
  if (first === undefined && (status === undefined || status < 400)) return undefined;
  const code = first?.code ?? reply.httpErrorMessage ?? 'UNKNOWN';
  const message = (reply.error?.errors ?? []).map((each) => each.message ?? each.code ?? '').join('; ');
  return {
    code,
    message: message.slice(0, 1000),
    ...(status === undefined ? {} : { status }),
    means: meaningOf(status, code),
  };
};

/** An operation from the reply of a change or of a look at it; `place` is where the call was made. */
export const readOperation = (
  place: { project: string; zone?: string; region?: string },
  reply: unknown,
): Operation => {
  const read = readReply('an operation', operationReply, reply);
  const done = read.status === 'DONE';
  const error = done ? failure(read) : undefined;
  const { project, zone, region } = place;
  const scope = zone !== undefined ? { zone } : region !== undefined ? { region } : {};
  return {
    url: computeUrl({ project, ...scope, collection: 'operations', name: read.name }),
    status: read.status,
    done,
    ...(read.targetLink === undefined ? {} : { target: partialUrl(read.targetLink) }),
    ...(error === undefined ? {} : { error }),
  };
};
