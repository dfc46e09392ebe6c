import type { Revocation } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import { plain } from '../text.ts';

/**
 * What stays valid although everything else is contained, each command once, in words that are safe to show. Empty
 * where nothing was found, and once the incident is released: then nobody is being kept out.
 */
export const staysValidOf = ({ journal, state }: Pick<Incident, 'journal' | 'state'>): Revocation[] => {
  if (state === 'released') return [];
  const found = journal.flatMap((e) => e.revoke ?? []);
  const byCommand = new Map(
    found.map(({ ends, command }) => [command, { ends: plain(ends), command: plain(command) }]),
  );
  return [...byCommand.values()];
};
