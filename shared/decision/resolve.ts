import { isKind, isSubdomain, isUid } from '../kubernetes/names.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { OwnerRef, Subject } from '../model/subject.ts';
import { type ClusterRef, clusterName, clusterOf, sameCluster, type Target } from '../model/target.ts';
import { CLOCK_TOLERANCE_MS, msOf, type Time, timeOf } from '../model/time.ts';
import type { ClusterReader } from '../ports.ts';
import { joins, keyOfPlace, keyOfUid } from './correlate.ts';
import { holdersIn, holdersOf } from './holders.ts';
import { isStillOn, type ResolvePorts, resolveHost } from './resolve-host.ts';
import { nodeOfInstance } from './resolve-instance.ts';
import { createdAt, makePodResolver } from './resolve-pod.ts';
import { isKnownKind, readWorkload, resolveWorkload } from './resolve-workload.ts';

/**
 * The result of resolving a target: the incident key, the subjects that may be acted on (none if the object does not
 * exist, or is not the one that the finding was about), and what could not be learned, in sentences.
 */
export type Resolved = { key: string; target: Target; subjects: Subject[]; notes: string[] };
export type Refused = { refused: string };

/**
 * `labelKeys`: the labels whose values subjects store. `attribute`: whether a node counts to the incident of a pod on
 * it, as it does for an alert. A request that names a node means the node itself.
 */
type ResolveOptions = { labelKeys: readonly string[]; attribute: boolean };

type Work = {
  ports: ResolvePorts;
  cluster: ClusterRef;
  reader: ClusterReader;
  target: Target;
  /** When the event happened that the target is about. */
  event: Time;
  options: ResolveOptions;
};

const nothing = (target: Target, note: string, key?: string): Resolved => ({
  key: key ?? (target.uid === undefined ? keyOfPlace(target) : keyOfUid(target.uid)),
  target,
  subjects: [],
  notes: [note],
});

/**
 * Why an object is not the one that was meant; undefined if it is. An incident writes the UID of the controller beside
 * the name of its pod: with the UID of its own controller, `top`, a pod is known by its name.
 */
const strangerOf = (
  { target, event, ports }: Work,
  what: string,
  object: KubeObject,
  { id = target.uid, top }: { id?: string | undefined; top?: string } = {},
) => {
  const { uid } = object.metadata;
  if (id !== undefined && id !== top)
    return uid === id ? undefined : `${what} is now another object (UID ${uid}, not ${id}): no action is taken on it`;
  // A name means the object that bore it when the event happened.
  const made = createdAt(object, ports.clock.now());
  return msOf(made) <= msOf(event) + CLOCK_TOLERANCE_MS
    ? undefined
    : `${what} was created at ${made}, after the event of ${event}: it is another object with that name, and no action is taken on it`;
};

/** The target as the incident shows it: as it was named, but with the top controller and this UID. */
const placed = (target: Target, top: Pick<OwnerRef, 'kind' | 'name'> | undefined, uid: string): Target => {
  const { uid: _, workload, ...rest } = target;
  const named = top !== undefined && isKind(top.kind) && isSubdomain(top.name);
  const shown = named ? { kind: top.kind, name: top.name } : workload;
  return { ...rest, ...(shown === undefined ? {} : { workload: shown }), ...(isUid(uid) ? { uid } : {}) };
};

/** Resolves a target without a cluster. The id of a VM is unique, so the incident that holds the VM is found anyway. */
const resolveUnplaced = async (ports: ResolvePorts, target: Target, event: Time): Promise<Resolved> => {
  const { project, instance } = target;
  const holders = instance === undefined ? [] : await holdersOf(ports, instance);
  const live = holders.findLast((i) => i.target.project === project && joins(i, event));
  return live === undefined
    ? { key: keyOfPlace(target), target, subjects: [], notes: [] }
    : { key: live.key, target: live.target, subjects: [], notes: [] };
};

const resolvePodTarget = async (work: Work, namespace: string, pod: string): Promise<Resolved> => {
  const { ports, cluster, reader, target } = work;
  const what = `pod ${namespace}/${pod}`;
  const known = target.uid === undefined ? [] : await holdersIn(ports, cluster, target.uid);
  const newest = known.at(-1);
  const held = newest?.subjects.find((s) => s.kind === 'pod' && s.uid === target.uid);
  const host = held?.kind === 'pod' ? held.host : undefined;
  const isKnown = host !== undefined && newest !== undefined && joins(newest, work.event);
  if (isKnown && held?.kind === 'pod' && (await isStillOn(reader, host))) {
    // What spoke against it so far says nothing about what was seen now.
    const { cpuOnly: _, replayed: __, ...subject } = held;
    return { key: newest.key, target: newest.target, subjects: [subject], notes: [] };
  }
  const object = await reader.get({ apiVersion: 'v1', kind: 'Pod', namespace, name: pod });
  if (object === undefined) return nothing(target, `${what} does not exist now`, newest?.key);
  const stranger = strangerOf(work, what, object);
  if (stranger !== undefined && target.workload === undefined) return nothing(target, stranger, newest?.key);
  // A pod that was taken away from its controller stays in its incident.
  const [resolved, holders] = await Promise.all([
    makePodResolver(ports, cluster, reader, work.options.labelKeys)(object),
    holdersIn(ports, cluster, object.metadata.uid),
  ]);
  const { subject, topUid, notes } = resolved;
  const still = stranger === undefined ? undefined : strangerOf(work, what, object, { top: topUid });
  if (still !== undefined) return nothing(target, still, newest?.key);
  const key = holders.at(-1)?.key ?? resolved.key;
  return { key, target: placed(target, subject.owners.at(-1), topUid), subjects: [subject], notes };
};

const resolveWorkloadTarget = async (
  work: Work,
  namespace: string,
  workload: { kind: string; name: string },
): Promise<Resolved> => {
  const { ports, cluster, reader, target } = work;
  const what = `${workload.kind} ${namespace}/${workload.name}`;
  if (!isKnownKind(workload.kind)) return nothing(target, `${what}: to target a workload of this kind, name its pod`);
  const object = await readWorkload(reader, namespace, workload);
  if (object === undefined) return nothing(target, `${what} does not exist now`);
  const stranger = strangerOf(work, what, object);
  if (stranger !== undefined) return nothing(target, stranger);
  const resolvePod = makePodResolver(ports, cluster, reader, work.options.labelKeys);
  const { top, key, subjects, notes } = await resolveWorkload(reader, object, resolvePod, ports.clock.now());
  return { key, target: placed(target, top, top.uid), subjects, notes };
};

/** The node that a target names, or has the instance of; a text: why it is not known. */
const nodeOf = async ({ ports, cluster, reader, target }: Work): Promise<KubeObject | string | undefined> => {
  const { node, instance } = target;
  if (node !== undefined) return reader.get({ apiVersion: 'v1', kind: 'Node', name: node });
  return instance === undefined ? undefined : nodeOfInstance(ports, cluster, reader, instance);
};

const resolveNodeTarget = async (work: Work): Promise<Resolved> => {
  const { ports, cluster, target } = work;
  const what = target.node === undefined ? `instance ${target.instance}` : `node ${target.node}`;
  const id = target.instance ?? target.uid;
  const object = await nodeOf(work);
  if (object === undefined || typeof object === 'string')
    return nothing(
      target,
      object === undefined ? `${what} does not exist now` : `${what} was not found: ${object}`,
      id === undefined ? undefined : keyOfUid(id),
    );
  const { host, notes } = await resolveHost(ports, cluster, object);
  const stranger = host.id === id ? undefined : strangerOf(work, what, object, { id });
  if (stranger !== undefined) return nothing(target, stranger, id === undefined ? undefined : keyOfUid(id));
  const live = (await holdersIn(ports, cluster, host.id)).filter((i) => joins(i, work.event));
  const attributed = work.options.attribute ? live.at(-1) : undefined;
  if (attributed !== undefined) return { key: attributed.key, target: attributed.target, subjects: [], notes };
  const addedAt = timeOf(ports.clock.now());
  return {
    key: keyOfUid(host.id),
    target: { ...placed(target, undefined, host.id), node: host.node },
    subjects: [{ kind: 'node', uid: host.id, host, addedAt }],
    notes,
  };
};

/**
 * Resolves a target by reading the cluster: pod, owner chain, node and VM. If the target has a UID, only the object
 * with that UID matches; otherwise only an object that existed at `event`. Cluster and project targets have no
 * subjects.
 *
 * @returns `refused` for a cluster that this deployment does not serve.
 * @throws Denied and Transient as the ports do: then the message is delivered again.
 */
export const resolve = async (
  ports: ResolvePorts,
  target: Target,
  event: Time,
  options: ResolveOptions,
): Promise<Resolved | Refused> => {
  const cluster = clusterOf(target);
  if (cluster === undefined) return resolveUnplaced(ports, target, event);
  if (!ports.clusters.served().some((served) => sameCluster(served, cluster)))
    return {
      refused: `cluster ${clusterName(cluster)} is not served by this deployment: add it to the clusters setting, or send this to the deployment that serves it`,
    };
  const work: Work = { ports, cluster, reader: ports.clusters.reader(cluster), target, event, options };
  const { namespace, pod, workload, node, instance } = target;
  if (namespace !== undefined && pod !== undefined) return resolvePodTarget(work, namespace, pod);
  if (namespace !== undefined && workload !== undefined) return resolveWorkloadTarget(work, namespace, workload);
  if (pod !== undefined || workload !== undefined)
    return nothing(target, 'the pod or workload is named without its namespace, so it cannot be found');
  if (node !== undefined || instance !== undefined) return resolveNodeTarget(work);
  return { key: keyOfPlace(target), target, subjects: [], notes: [] };
};
