import { type Entry, isStanding } from '../model/entry.ts';
import type { StepId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { PodSubject } from '../model/subject.ts';

/** Steps after which the controller of a pod creates another one in its place. */
const REPLACED_AFTER: ReadonlySet<StepId> = new Set(['quarantine-pod', 'delete-pod']);

/** The second of a time: the API server dates objects by the second. */
const secondOf = (time: string): string => time.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);

const isTakenAway = (e: Entry): boolean =>
  REPLACED_AFTER.has(e.step) && (isStanding(e) || (e.state === 'failed' && e.before !== undefined));

/**
 * The given pods of the workload with this UID, without those that only replace pods which this incident took away
 * from it. Otherwise each replacement would be contained in turn, and lead to another one. A replacement looks like any
 * other new pod, so of the pods made since, as many as were taken away count as replacements, the oldest first.
 */
export const withoutReplacements = (
  { subjects, journal }: Pick<Incident, 'subjects' | 'journal'>,
  workload: string,
  pods: readonly PodSubject[],
): PodSubject[] => {
  const isIts = (uid: string): boolean =>
    subjects.some((s) => s.kind === 'pod' && s.uid === uid && s.owners.some((owner) => owner.uid === workload));
  const taken = journal.filter((e) => isTakenAway(e) && isIts(e.uid));
  const since = taken.map(({ startedAt }) => secondOf(startedAt)).toSorted()[0];
  if (since === undefined) return [...pods];
  const held = new Set(subjects.map(({ uid }) => uid));
  const made = pods
    .filter(({ uid, createdAt }) => !held.has(uid) && secondOf(createdAt) >= since)
    .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
  const replacements = new Set(made.slice(0, new Set(taken.map(({ uid }) => uid)).size));
  return pods.filter((pod) => !replacements.has(pod));
};
