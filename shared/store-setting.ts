/** As SQLite has it: what was written outlives a power cut (`full`), or the process alone (`normal`). */
export type Synchronous = 'full' | 'normal';

/** A place on this machine. */
type Place = { path: string; synchronous: Synchronous };

/** Where documents are kept, as a setting names it. */
export type StoreSetting = ({ kind: 'sqlite' } & Place) | { kind: 'firestore'; database: string } | { kind: 'memory' };

/** Ids of Firestore databases: those that are named, and the one that is not. */
const DATABASE = /^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/;

/** Where evidence is kept, as a setting names it. */
export type EvidenceSetting = ({ kind: 'folder' } & Place) | { kind: 'storage'; bucket: string };

/** For what ends with the machine anyway. */
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
  if (bucket !== undefined)
    return /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(bucket) ? { kind: 'storage', bucket } : undefined;
  const place = placeOf(after(text, 'folder:') ?? '');
  return place === undefined ? undefined : { kind: 'folder', ...place };
};
