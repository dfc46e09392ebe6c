import { Malformed } from '../errors.ts';

const ID = /^[A-Za-z0-9._~-]{1,400}$/;
const PREFIX = /^[A-Za-z0-9._~-]{0,400}$/;

/** An id for an error message: a hostile id must not break a log line or fill it. */
export const shown = (text: string): string => JSON.stringify(text.slice(0, 80));

/**
 * Throws Malformed unless `id` may name a document. Ids become paths: an id has no separator, is neither `.` nor `..`,
 * and is none of the `__reserved__` names of Firestore.
 */
export const checkId = (collection: string, id: string): void => {
  if (ID.test(id) && id !== '.' && id !== '..' && !/^__.*__$/.test(id)) return;
  throw new Malformed(
    `${shown(id)} cannot name a document of ${collection}: use 1 to 400 of the characters A-Z a-z 0-9 . _ ~ -`,
  );
};

/** Throws Malformed unless ids of documents can begin with `prefix`. */
export const checkPrefix = (collection: string, prefix: string): void => {
  if (PREFIX.test(prefix)) return;
  throw new Malformed(
    `No document of ${collection} begins with ${shown(prefix)}: use the characters A-Z a-z 0-9 . _ ~ -`,
  );
};
