import { type Entry, isStanding } from '../model/entry.ts';
import type { StepId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { PodSubject } from '../model/subject.ts';

/** Steps after which the controller of a pod creates another one in its place. */
const REPLACED_AFTER: ReadonlySet<StepId> = new Set(['quarantine-pod', 'delete-pod']);

/**
 * Steps that take a node away. The pods of a deleted node are created again elsewhere; and where its group makes
 * another node, a DaemonSet creates a pod on that one too.
 */
const NODE_TAKEN_BY: ReadonlySet<StepId> = new Set(['leave-group', 'delete-host']);

/** The second of a time: the API server dates objects by the second. */
const secondOf = (time: string): string => time.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);

const isTakenAway = (e: Entry): boolean =>
  REPLACED_AFTER.has(e.step) && (isStanding(e) || (e.state === 'failed' && e.before !== undefined));

/** Whether a step on a node has begun. Its entry is the copy of a shared one, without a before-image. */
const isNodeTaken = (e: Entry): boolean =>
  NODE_TAKEN_BY.has(e.step) && e.requestId !== undefined && e.state !== 'skipped' && e.state !== 'refused';

/**
 * The given pods of the workload with this UID, without those that only replace pods which this incident took away
 * from it. Otherwise each replacement would be contained in turn, and lead to another one. A replacement looks like any
 * other new pod, so of the pods made since, as many as were taken away count as replacements, the oldest first. A
 * DaemonSet also replaces what ran on a node that has left its group.
 */
export const withoutReplacements = (
  { subjects, journal }: Pick<Incident, 'subjects' | 'journal'>,
  workload: string,
  pods: readonly PodSubject[],
): PodSubject[] => {
  const its = subjects.flatMap((s) => (s.kind === 'pod' && s.owners.some(({ uid }) => uid === workload) ? [s] : []));
  // Keys of what was taken away: pods, and nodes that left their group and whose successor gets a pod of a DaemonSet.
  const keysOf = (e: Entry): string[] => {
    if (isTakenAway(e)) return its.some(({ uid }) => uid === e.uid) ? [e.uid] : [];
    const on = isNodeTaken(e) ? its.filter(({ host }) => host?.id === e.uid) : [];
    if (e.step === 'delete-host') return on.map(({ uid }) => uid);
    return on.some(({ owners }) => owners.some(({ kind }) => kind === 'DaemonSet')) ? [e.uid] : [];
  };
  const gone = journal.flatMap((e) => keysOf(e).map((key) => ({ key, since: secondOf(e.startedAt) })));
  const since = gone.map((one) => one.since).toSorted()[0];
  if (since === undefined) return [...pods];
  const held = new Set(subjects.map(({ uid }) => uid));
  const made = pods
    .filter(({ uid, createdAt }) => !held.has(uid) && secondOf(createdAt) >= since)
    .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
  const replacements = new Set(made.slice(0, new Set(gone.map(({ key }) => key)).size));
  return pods.filter((pod) => !replacements.has(pod));
};
