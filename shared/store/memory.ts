import { z } from 'zod';
import { stamp } from '../model/incident.ts';
import { time } from '../model/time.ts';
import type { Clock, DocStore } from '../ports.ts';
import { makeDocStore } from '../store.ts';
import type { RawStore } from './raw.ts';

/**
 * What a function remembers for itself. Further fields are its own. `expireAt`: from when on the document may be
 * deleted (without it: never). `key` and `state`: fields that it can be listed by.
 */
const memoryDocument = z.looseObject({
  ...stamp,
  key: z.string().optional(),
  state: z.string().optional(),
  expireAt: time.optional(),
});
export type MemoryDocument = z.infer<typeof memoryDocument>;

/** The `memory` database: `threads` are the notifiers', `marks` the detectors'. */
export type MemoryStores = { threads: DocStore<MemoryDocument>; marks: DocStore<MemoryDocument> };

/** Opens the `memory` database. Detectors and notify write it; it never contains a goal or a journal. */
export const openMemoryStores = (options: { raw: RawStore; clock: Pick<Clock, 'now' | 'random'> }): MemoryStores => {
  const open = (collection: string): DocStore<MemoryDocument> =>
    makeDocStore({
      ...options,
      collection,
      schema: memoryDocument,
      version: 1,
      index: ({ key, state, expireAt }) => ({ key, state, expireAt }),
    });
  return { threads: open('threads'), marks: open('marks') };
};
