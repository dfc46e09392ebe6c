import type { KubeObject } from '../kubernetes/object.ts';
import type { Incident } from '../model/incident.ts';
import type { PodSubject, Subject } from '../model/subject.ts';
import { type Time, timeOf } from '../model/time.ts';
import type { ClusterReader } from '../ports.ts';
import type { ResolvedPod } from './resolve-pod.ts';

/** How long a pod that had no node when it joined its incident is looked at again. */
const PLACED_MS = 2 * 60_000;

/** The pods that have no node, as far as their incident knows. */
export const unplaced = (subjects: readonly Subject[]): PodSubject[] =>
  subjects.flatMap((one) => (one.kind === 'pod' && one.host === undefined ? [one] : []));

/** Until when the nodes of pods are awaited, given the subjects before and after some joined. undefined: no longer. */
export const nodesUntilOf = (
  { subjects, nodesUntil }: Pick<Incident, 'subjects' | 'nodesUntil'>,
  after: readonly Subject[],
  now: number,
): Time | undefined => {
  const known = new Set(subjects.map(({ uid }) => uid));
  const left = unplaced(after);
  if (left.some(({ uid }) => !known.has(uid))) return timeOf(now + PLACED_MS);
  return left.length === 0 ? undefined : nodesUntil;
};

/** The pods of an incident that have got a node since they joined it, with that node. */
export const placedSince = async (
  reader: Pick<ClusterReader, 'get'>,
  { subjects, nodesUntil }: Pick<Incident, 'subjects' | 'nodesUntil'>,
  resolvePod: (pod: KubeObject) => Promise<ResolvedPod>,
): Promise<PodSubject[]> => {
  if (nodesUntil === undefined) return [];
  const placed: PodSubject[] = [];
  for (const { namespace, name, uid, cpuOnly, replayed } of unplaced(subjects)) {
    const pod = await reader.get({ apiVersion: 'v1', kind: 'Pod', namespace, name });
    if (pod?.metadata.uid !== uid || typeof pod.spec?.nodeName !== 'string') continue;
    const { subject } = await resolvePod(pod);
    // What speaks against the pod is the same as before.
    placed.push({
      ...subject,
      ...(cpuOnly === undefined ? {} : { cpuOnly }),
      ...(replayed === undefined ? {} : { replayed }),
    });
  }
  return placed;
};
