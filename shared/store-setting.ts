/** Where documents are kept, as a setting names it. */
export type StoreSetting =
  | { kind: 'sqlite'; path: string; synchronous: 'full' | 'normal' }
  | { kind: 'firestore'; database: string }
  | { kind: 'memory' };

/** Ids of Firestore databases: those that are named, and the one that is not. */
const DATABASE = /^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/;

/** As SQLite's own pragma: commits outlive a process, and not a power cut. For what ends with the machine anyway. */
const RELAXED = '?synchronous=normal';

const after = (text: string, prefix: string): string | undefined =>
  text.startsWith(prefix) ? text.slice(prefix.length) : undefined;

/** `firestore:DATABASE`, `sqlite:PATH`, `sqlite:PATH?synchronous=normal` or `memory`; undefined where it is none. */
export const readStoreSetting = (text: string): StoreSetting | undefined => {
  if (text === 'memory') return { kind: 'memory' };
  const database = after(text, 'firestore:');
  if (database !== undefined) return DATABASE.test(database) ? { kind: 'firestore', database } : undefined;
  const file = after(text, 'sqlite:');
  if (file === undefined) return undefined;
  const relaxed = file.endsWith(RELAXED);
  const path = relaxed ? file.slice(0, -RELAXED.length) : file;
  return path === '' ? undefined : { kind: 'sqlite', path, synchronous: relaxed ? 'normal' : 'full' };
};
