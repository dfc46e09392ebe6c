import { type Entry, keyOf } from '../model/entry.ts';

/** The most commands that an entry lists: a journal is for reading, and the exhibit has them all. */
const MOST_REVOKED = 30;

/** An entry without the commands that others of its journal list: a hundred pods of one workload share their identities. */
export const tellingNew = (entry: Entry, journal: readonly Entry[]): Entry => {
  const { revoke, ...rest } = entry;
  if (revoke === undefined) return entry;
  const others = journal.filter((e) => keyOf(e) !== keyOf(entry));
  const told = new Set(others.flatMap((e) => (e.revoke ?? []).map(({ command }) => command)));
  const left = revoke.filter(({ command }) => !told.has(command)).slice(0, MOST_REVOKED);
  return left.length === 0 ? rest : { ...rest, revoke: left };
};
