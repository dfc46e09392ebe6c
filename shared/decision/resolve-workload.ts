import { mayControl } from '../kubernetes/built-in.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { OwnerRef, PodSubject, WorkloadSubject } from '../model/subject.ts';
import { timeOf } from '../model/time.ts';
import type { ClusterReader } from '../ports.ts';
import { controllerOf, keyOfChain, makeOwnersOf, notesOf, readOf } from './owners.ts';
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
  const isBelow = async (pod: KubeObject): Promise<boolean> => {
    const above = controllerOf(pod);
    // The controllers of other kinds, of which a namespace may have thousands, are not worth a read.
    if (above === undefined || (above.uid !== uid && !mayControl(object, above))) return false;
    return readOf(await ownersOf(pod)).some((o) => o.uid === uid);
  };
  const resolved: ResolvedPod[] = [];
  let count = 0;
  const cut = await reader.each({ apiVersion: 'v1', kind: 'Pod', namespace }, async (pods) => {
    const ours: KubeObject[] = [];
    for (const pod of pods) if (await isBelow(pod)) ours.push(pod);
    count += ours.length;
    resolved.push(...(await Promise.all(ours.slice(0, PODS - resolved.length).map(resolvePod))));
  });
  const subject: WorkloadSubject = { kind: 'workload', uid: top.uid, namespace, owner: top, addedAt: timeOf(now) };
  return {
    top,
    key: keyOfChain(chain, uid),
    subjects: [subject, ...resolved.map((r) => r.subject)],
    notes: [
      ...notesOf(chain).map((note) => `${object.kind} ${name}: ${note}`),
      ...(count > PODS ? [`it has ${count} pods, of which ${PODS} are examined: nothing is done to the others`] : []),
      ...(cut === undefined ? [] : [`${cut}: nothing is done to pods of it that were not seen, unless you name them`]),
      ...new Set(resolved.flatMap((r) => r.notes)),
    ],
  };
};
