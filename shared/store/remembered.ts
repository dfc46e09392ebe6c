/** Documents that were read, each with the stored text that it was read from. */
export type Remembered<T> = {
  /** The document that was read from exactly this text; undefined if the text differs or was not read lately. */
  of(id: string, body: string): T | undefined;
  /** Keeps a document and returns it, frozen, since all readers share it. `size`: about its characters. */
  keep(id: string, body: string, doc: T, size: number): T;
};

/** Characters kept per collection, over all documents: a storm of findings is about some hundred incidents. */
const KEPT_CHARACTERS = 2 * 1024 * 1024;

const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const one of Object.values(value)) freeze(one);
};

/**
 * Remembers the documents that were read last, up to `most` characters. The store is still asked each time; only
 * parsing the same text again is saved. In a storm, most deliveries find a document as the one before them left it.
 */
export const makeRemembered = <T>(most: number = KEPT_CHARACTERS): Remembered<T> => {
  const known = new Map<string, { body: string; doc: T; size: number }>();
  let characters = 0;

  const forget = (id: string): void => {
    characters -= known.get(id)?.size ?? 0;
    known.delete(id);
  };

  return {
    of: (id, body) => {
      const found = known.get(id);
      if (found?.body !== body) return undefined;
      // The document that was used last is forgotten last.
      known.delete(id);
      known.set(id, found);
      return found.doc;
    },
    keep: (id, body, doc, size) => {
      freeze(doc);
      forget(id);
      known.set(id, { body, doc, size });
      characters += size;
      for (const oldest of known.keys()) {
        if (characters <= most) break;
        forget(oldest);
      }
      return doc;
    },
  };
};
