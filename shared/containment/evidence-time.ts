import type { RowItem } from '../decision/playbooks.ts';
import type { Entry } from '../model/entry.ts';
import { msOf } from '../model/time.ts';

type Part = NonNullable<RowItem['part']>;

/** How long containment may wait for each part of the evidence: API objects 5 s, container logs 30 s. */
export const PATIENCE_MS: Readonly<Record<Part, number>> = { objects: 5_000, logs: 30_000 };

/** What every subject has, however much of the time for its part others have used up. */
const LEAST_MS: Readonly<Record<Part, number>> = { objects: 1_000, logs: 5_000 };

/** How many subjects are read at once: two large logs of each fit into memory, beside those of other runs. */
export const AT_ONCE: Readonly<Record<Part, number>> = { objects: 10, logs: 3 };

/** The part that a subject of the journal or the plan names: `POD#objects`, `POD#logs`. */
export const partOf = (subject: string): Part => (subject.endsWith('#logs') ? 'logs' : 'objects');

/**
 * How long containment may wait for the evidence of an entry, ms: as long as others of its part have left of the time
 * that the part has under a goal. Whoever owns a node can let the log of each of its pods hang.
 */
export const patienceFor = (entry: Entry, journal: readonly Entry[]): number => {
  const part = partOf(entry.subject);
  const isLikeIt = (e: Entry): boolean => e.step === entry.step && e.rev === entry.rev && partOf(e.subject) === part;
  const took = journal.flatMap((e) =>
    isLikeIt(e) && e.endedAt !== undefined ? [msOf(e.endedAt) - msOf(e.startedAt)] : [],
  );
  const spent = took.reduce((sum, ms) => sum + ms, 0) / AT_ONCE[part];
  return Math.max(PATIENCE_MS[part] - spent, LEAST_MS[part]);
};
