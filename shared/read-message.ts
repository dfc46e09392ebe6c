import { z } from 'zod';
import type { Envelope } from './envelope.ts';
import { Malformed, Newer } from './errors.ts';
import { issueText } from './issue-text.ts';
import { isOfNewer } from './of-newer.ts';

/** The version of findings and notices that this release reads. */
const VERSION = 1;

const versioned = z.looseObject({ v: z.number() });

/**
 * Reads one of our own messages. While a release is rolled out, its publisher may be newer than this function: a field
 * that this release does not know is left out, so that the rest has its effect.
 *
 * @throws Newer for a newer `v`, and for a value or a field of a target that only a newer release may know: the message
 * is delivered again, until the newer release takes it. Malformed for everything else that the schema refuses.
 */
export const readMessage = <T>({ id, data }: Pick<Envelope, 'id' | 'data'>, noun: string, schema: z.ZodType<T>): T => {
  const v = versioned.safeParse(data).data?.v;
  if (v !== undefined && v > VERSION)
    throw new Newer(`message ${id} is a ${noun} of version ${v}, newer than the ${VERSION} that this release reads`);
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  const why = issueText(read.error);
  if (v === VERSION && isOfNewer(read.error, data))
    throw new Newer(`message ${id} is a ${noun} with something that only a newer release may know: ${why}`);
  throw new Malformed(`message ${id} is no ${noun}: ${why}`);
};
