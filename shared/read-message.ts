import { z } from 'zod';
import type { Envelope } from './envelope.ts';
import { Malformed, Newer } from './errors.ts';
import { issueText } from './issue-text.ts';

/** The version of findings and notices that this release reads. */
const VERSION = 1;

const versioned = z.looseObject({ v: z.number() });

/**
 * Reads one of our own messages. While a release is rolled out, its publisher may be newer than this function: a field
 * that this release does not know is left out, so that the rest has its effect.
 *
 * @throws Newer for a newer `v`: the message is delivered again, until the newer release takes it. Malformed for
 * everything else that the schema refuses: a new value of a closed list needs a new `v` in a message.
 */
export const readMessage = <T>({ id, data }: Pick<Envelope, 'id' | 'data'>, noun: string, schema: z.ZodType<T>): T => {
  const v = versioned.safeParse(data).data?.v ?? VERSION;
  if (v > VERSION)
    throw new Newer(`message ${id} is a ${noun} of version ${v}, newer than the ${VERSION} that this release reads`);
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  throw new Malformed(`message ${id} is no ${noun}: ${issueText(read.error)}`);
};
