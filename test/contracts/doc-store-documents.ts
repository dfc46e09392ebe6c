import { z } from 'zod';
import { Conflict } from '../../shared/errors.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { DocStore } from '../../shared/ports.ts';
import type { RawStore } from '../../shared/store/raw.ts';
import { makeDocStore } from '../../shared/store.ts';

export const NOW = Date.parse('2026-03-01T12:00:00.000Z');

/** Version 2 of a document; in version 1, `wins` was called `names`. */
const schema = z.looseObject({
  v: z.literal(2),
  rev: z.number(),
  writer: z.string(),
  state: z.string().optional(),
  dueAt: z.string().max(30).optional(),
  wins: z.array(z.string()),
  part: z.object({ known: z.string() }).optional(),
  entries: z.array(z.object({ step: z.string(), before: z.record(z.string(), z.unknown()).optional() })).optional(),
});
export type Doc = z.infer<typeof schema>;

export const doc = (more: Partial<Doc> = {}): Doc => ({ v: 2, rev: 0, writer: '', wins: [], ...more });

let writers = 0;
const clock = { now: () => NOW, random: () => `writer-${++writers}` };

export const storeOver = (raw: RawStore, more: Partial<Parameters<typeof makeDocStore<Doc>>[0]> = {}): DocStore<Doc> =>
  makeDocStore({
    raw,
    collection: 'docs',
    schema,
    version: 2,
    upgrade: ({ names, ...rest }) => ({ ...rest, v: 2, wins: names }),
    clock,
    index: ({ state, dueAt }) => ({ state, dueAt }),
    ...more,
  });

/** Stores a body unchanged, as another release or a person would. */
export const plant = (raw: RawStore, id: string, body: unknown, expected: number | null = null): Promise<void> =>
  raw.put(
    'docs',
    id,
    { rev: (expected ?? 0) + 1, body: typeof body === 'string' ? body : JSON.stringify(body), updatedAt: timeOf(NOW) },
    expected,
  );

/** Reads the document, adds a name and puts it, again until a put succeeds. Resolves with that revision. */
export const addName = async (store: DocStore<Doc>, id: string, name: string): Promise<number> => {
  for (;;) {
    const found = await store.get(id);
    const next = { ...doc(), ...found, wins: [...(found?.wins ?? []), name] };
    try {
      return (await store.put(id, next, found?.rev ?? null)).rev;
    } catch (thrown) {
      if (!(thrown instanceof Conflict)) throw thrown;
    }
  }
};

export const names = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `w${String(i).padStart(3, '0')}`);
