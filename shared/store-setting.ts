import { isBucketName } from './kubernetes/names.ts';

/** SQLite's modes: what was written survives a power cut (`full`), or only the end of the process (`normal`). */
export type Synchronous = 'full' | 'normal';

/** A place on this machine. */
type Place = { path: string; synchronous: Synchronous };

/** The place where documents are kept, by a setting. */
export type StoreSetting = ({ kind: 'sqlite' } & Place) | { kind: 'firestore'; database: string } | { kind: 'memory' };

/** Ids of Firestore databases: those with a name, and `(default)`. */
const DATABASE = /^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/;

/** The place where evidence is kept, by a setting. */
export type EvidenceSetting = ({ kind: 'folder' } & Place) | { kind: 'storage'; bucket: string };

/** The suffix for data that need not survive a power cut, since it ends with the machine anyway. */
const RELAXED = '?synchronous=normal';

const after = (text: string, prefix: string): string | undefined =>
  text.startsWith(prefix) ? text.slice(prefix.length) : undefined;

const placeOf = (text: string): Place | undefined => {
  const relaxed = text.endsWith(RELAXED);
  const path = relaxed ? text.slice(0, -RELAXED.length) : text;
  return path === '' ? undefined : { path, synchronous: relaxed ? 'normal' : 'full' };
};

/** `firestore:DATABASE`, `sqlite:PATH`, `sqlite:PATH?synchronous=normal` or `memory`; undefined where it is none. */
export const readStoreSetting = (text: string): StoreSetting | undefined => {
  if (text === 'memory') return { kind: 'memory' };
  const database = after(text, 'firestore:');
  if (database !== undefined) return DATABASE.test(database) ? { kind: 'firestore', database } : undefined;
  const place = placeOf(after(text, 'sqlite:') ?? '');
  return place === undefined ? undefined : { kind: 'sqlite', ...place };
};

/** `gs://BUCKET`, `folder:PATH` or `folder:PATH?synchronous=normal`; undefined where it is none. */
export const readEvidenceSetting = (text: string): EvidenceSetting | undefined => {
  const bucket = after(text, 'gs://');
  if (bucket !== undefined) return isBucketName(bucket) ? { kind: 'storage', bucket } : undefined;
  const place = placeOf(after(text, 'folder:') ?? '');
  return place === undefined ? undefined : { kind: 'folder', ...place };
};
