import type { KubeObject } from '../kubernetes/object.ts';
import type { OwnerRef, PodSubject, WorkloadSubject } from '../model/subject.ts';
import { timeOf } from '../model/time.ts';
import type { ClusterReader } from '../ports.ts';
import { keyOfChain, makeOwnersOf, notesOf, readOf } from './owners.ts';
import type { ResolvedPod } from './resolve-pod.ts';

/** The kinds that a target may name without an API version. A workload of any other kind is found through its pods. */
const API_VERSIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  ReplicationController: 'v1',
};

/** A workload's object; undefined if it does not exist, or if the API version of its kind is not known. */
export const readWorkload = async (
  reader: ClusterReader,
  namespace: string,
  workload: { kind: string; name: string },
): Promise<KubeObject | undefined> => {
  const apiVersion = Object.hasOwn(API_VERSIONS, workload.kind) ? API_VERSIONS[workload.kind] : undefined;
  return apiVersion === undefined ? undefined : reader.get({ apiVersion, namespace, ...workload });
};

/** Whether a named kind can be looked up at all. */
export const isKnownKind = (kind: string): boolean => Object.hasOwn(API_VERSIONS, kind);

/** Pods of a workload that are looked at. Their controller matters more than any further pod. */
const PODS = 60;

/**
 * The top controller of a workload as a subject, and the pods that have the workload's UID in their chain of owners
 * now. A claim never becomes a subject: what is above it is not known, and it may borrow the UID of any object.
 */
export const resolveWorkload = async (
  reader: ClusterReader,
  object: KubeObject,
  resolvePod: (pod: KubeObject) => Promise<ResolvedPod>,
  now: number,
): Promise<{ top: OwnerRef; key: string; subjects: Array<WorkloadSubject | PodSubject>; notes: string[] }> => {
  const { name, uid, namespace = '' } = object.metadata;
  const ownersOf = makeOwnersOf(reader);
  const own: OwnerRef = { apiVersion: object.apiVersion, kind: object.kind, name, uid };
  const chain = await ownersOf(object);
  const top = readOf(chain).at(-1) ?? own;
  const pods = await reader.list({ apiVersion: 'v1', kind: 'Pod', namespace });
  const ours: KubeObject[] = [];
  for (const pod of pods) {
    const above = readOf(await ownersOf(pod));
    if (above.some((o) => o.uid === uid)) ours.push(pod);
  }
  const resolved = await Promise.all(ours.slice(0, PODS).map(resolvePod));
  const subject: WorkloadSubject = { kind: 'workload', uid: top.uid, namespace, owner: top, addedAt: timeOf(now) };
  return {
    top,
    key: keyOfChain(chain, uid),
    subjects: [subject, ...resolved.map((r) => r.subject)],
    notes: [
      ...notesOf(chain).map((note) => `${object.kind} ${name}: ${note}`),
      ...(ours.length > PODS
        ? [`it has ${ours.length} pods, of which ${PODS} are examined: nothing is done to the others`]
        : []),
      ...new Set(resolved.flatMap((r) => r.notes)),
    ],
  };
};
