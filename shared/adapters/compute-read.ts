import type { z } from 'zod';
import { type ComputeResource, computeUrl, parseComputeUrl, partialUrl } from '../compute-url.ts';
import { Transient } from '../errors.ts';
import type { Operation, OperationError } from '../model/compute.ts';
import { type Time, toTime } from '../model/time.ts';
import { meaningOf } from './compute-failure.ts';
import { operationReply } from './compute-shapes.ts';

/**
 * Reads a reply by its schema; throws Transient if it does not fit. Not Malformed: that blames the input, and the
 * message is then acknowledged. No finding may be lost because the service, or a proxy on the way, answered nonsense.
 */
export const readReply = <T>(what: string, schema: z.ZodType<T>, reply: unknown): T => {
  const read = schema.safeParse(reply);
  if (read.success) return read.data;
  throw new Transient(`the reply is not ${what}: ${read.error.issues[0]?.path.join('.')}`);
};

/** A time from the service in Firebreak's form; Transient if it cannot be read. */
export const readTime = (what: string, foreign: string): Time => {
  const at = toTime(foreign);
  if (at === undefined) throw new Transient(`the reply is not ${what}: its time cannot be read`);
  return at;
};

/** Parses a URL from a reply; Transient if it is not in this collection. */
export const repliedUrl = (what: string, url: string, collection: string): ComputeResource => {
  const at = parseComputeUrl(url);
  if (at?.collection === collection) return at;
  throw new Transient(`the reply is not ${what}: its URL is not that of one of ${collection}`);
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
    means: meaningOf(status, code, message),
  };
};

/** Reads an operation from the reply to a change, or to a read of the operation; `place` is where the call was made. */
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
