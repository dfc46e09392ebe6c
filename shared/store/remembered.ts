/** A document as it was read, by the stored text that it was read from. */
export type Remembered<T> = {
  /** What was read from this very text before; undefined where it is another, or was not read lately. */
  of(id: string, body: string): T | undefined;
  /** Keeps it, and gives it; frozen, since everybody who reads it has the same one. `size`: about its characters. */
  keep(id: string, body: string, doc: T, size: number): T;
};

/** Characters of text that are kept for each collection, all documents together: a storm is on some hundred incidents. */
const KEPT_CHARACTERS = 2 * 1024 * 1024;

const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const one of Object.values(value)) freeze(one);
};

/**
 * The documents that were read last, up to `most` characters of them. The store is asked each time all the same; what is
 * spared is reading the same text again: in a storm most deliveries find a document as the one before them left it.
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
      // The last one asked for is the last one to go.
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
