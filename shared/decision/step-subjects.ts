import type { Incident } from '../model/incident.ts';
import type { HostRef, OwnerRef, PodSubject } from '../model/subject.ts';
import type { RowItem, Scope } from './playbooks.ts';
import { suspectsOf } from './suspects.ts';

/** What a plan item is done to, resolved from the incident's subjects. */
export type StepSubject =
  | { scope: 'pod'; subject: string; uid: string; pod: PodSubject; part?: NonNullable<RowItem['part']> }
  | { scope: 'node'; subject: string; uid: string; host: HostRef; pods: PodSubject[]; part?: 'objects' }
  | { scope: 'namespace'; subject: string; uid: string; namespace: string; pods: PodSubject[] }
  | { scope: 'workload'; subject: string; uid: string; namespace: string; owner: OwnerRef; pods: PodSubject[] };

/** The pods among an incident's subjects. */
export const podsOf = (incident: Incident): PodSubject[] =>
  incident.subjects.flatMap((s) => (s.kind === 'pod' ? [s] : []));

/** The ids of the hosts that an incident's subjects are, or run on. */
export const hostIdsOf = ({ subjects }: Pick<Incident, 'subjects'>): Set<string> =>
  new Set(subjects.flatMap((s) => (s.kind === 'workload' || s.host === undefined ? [] : [s.host.id])));

const podName = (pod: PodSubject): string => `${pod.namespace}/${pod.name}`;

/** One item of each key: the first one, at the place of the last one. */
export const unique = <T>(items: T[], key: (item: T) => string): T[] =>
  [...new Map(items.toReversed().map((i) => [key(i), i])).values()].toReversed();

/**
 * The nodes on which pods of an incident ran, on a VM that has since been made again: nothing more is planned there.
 */
export const formerNodesOf = (incident: Incident): StepSubject[] =>
  unique(
    podsOf(incident).flatMap(({ formerHosts = [] }) => formerHosts),
    (h) => h.id,
  ).map((host) => ({ scope: 'node', subject: host.node, uid: host.id, host, pods: [] }));

type NodeSubjects = Array<Extract<StepSubject, { scope: 'node' }>>;

const nodesOf = (incident: Incident): NodeSubjects => {
  const pods = podsOf(incident);
  const hosts = [
    ...pods.flatMap((p) => (p.host === undefined ? [] : [p.host])),
    ...incident.subjects.flatMap((s) => (s.kind === 'node' ? [s.host] : [])),
  ];
  return unique(hosts, (h) => h.id).map((host) => ({
    scope: 'node',
    subject: host.node,
    uid: host.id,
    host,
    pods: pods.filter((p) => p.host?.id === host.id),
  }));
};

const namespacesOf = (incident: Incident): StepSubject[] =>
  unique(podsOf(incident), (p) => p.namespaceUid).map((p) => ({
    scope: 'namespace',
    subject: p.namespace,
    uid: p.namespaceUid,
    namespace: p.namespace,
    pods: podsOf(incident).filter((other) => other.namespaceUid === p.namespaceUid),
  }));

/** The top controller of a pod; a pod that nothing controls stands for itself. */
const topOf = (pod: PodSubject): OwnerRef =>
  pod.owners.at(-1) ?? { apiVersion: 'v1', kind: 'Pod', name: pod.name, uid: pod.uid };

const workloadsOf = (incident: Incident): StepSubject[] => {
  const pods = podsOf(incident);
  const tops = pods.map((pod) => ({ owner: topOf(pod), namespace: pod.namespace }));
  const named = incident.subjects.flatMap((s) =>
    s.kind === 'workload' ? [{ owner: s.owner, namespace: s.namespace }] : [],
  );
  return unique([...tops, ...named], (t) => t.owner.uid).map(({ owner, namespace }) => ({
    scope: 'workload',
    subject: `${owner.kind} ${namespace}/${owner.name}`,
    uid: owner.uid,
    namespace,
    owner,
    pods: pods.filter((p) => topOf(p).uid === owner.uid),
  }));
};

const podSubjectsOf = (incident: Incident, part: RowItem['part']): StepSubject[] =>
  podsOf(incident).map((pod) => ({
    scope: 'pod',
    subject: part === undefined ? podName(pod) : `${podName(pod)}#${part}`,
    uid: pod.uid,
    pod,
    ...(part === undefined ? {} : { part }),
  }));

const nodePartsOf = (incident: Incident, part: 'objects'): StepSubject[] =>
  nodesOf(incident).map((node) => ({ ...node, subject: `${node.subject}#${part}`, part }));

/** Whether nothing is planned on this subject because it is a node whose evidence is kept with its pods. */
export const isKeptWithPods = (s: StepSubject): boolean =>
  s.scope === 'node' && s.part !== undefined && s.pods.length > 0;

/**
 * The subjects of one scope, as the incident holds them now. The nodes are among those whose objects are kept, also
 * those for which nothing is planned (`isKeptWithPods`): a pod may have joined after something was kept of its node.
 */
export const subjectsOf = (incident: Incident, scope: Scope, part?: RowItem['part']): StepSubject[] => {
  if (scope === 'pod')
    return [...podSubjectsOf(incident, part), ...(part === 'objects' ? nodePartsOf(incident, part) : [])];
  if (scope === 'node') return nodesOf(incident);
  return scope === 'namespace' ? namespacesOf(incident) : workloadsOf(incident);
};

/** The UIDs of the subjects that a plan made now would cover. Differs when a subject joins, even if the goal stays. */
export const coverOf = (incident: Pick<Incident, 'subjects' | 'goal'>): string =>
  suspectsOf(incident)
    .map(({ uid }) => uid)
    .join(' ');

/** The UIDs of the pods that a subject is, or that are behind it. */
export const podUids = (s: StepSubject): string[] => (s.scope === 'pod' ? [s.pod.uid] : s.pods.map((p) => p.uid));

/** The UIDs of a step's subject and of the pods behind it, which a change to it affects as well. */
export const uidsBehind = (s: StepSubject): string[] => [s.uid, ...podUids(s)];

/**
 * The UIDs of the incident's pods that may end with a subject: those behind it and, where it is a controller, those in
 * its namespace whose controllers nobody knows, because they could not be read.
 */
export const mayEndWith = (s: StepSubject, incident: Incident): string[] => {
  if (s.scope !== 'workload' || s.owner.kind === 'Pod') return podUids(s);
  const unowned = podsOf(incident).filter((p) => p.owners.length === 0 && p.namespace === s.namespace);
  return [...podUids(s), ...unowned.map((p) => p.uid)];
};

/**
 * Whether two subjects touch, or the second has pods that may end with the first: a node and a pod on it, a namespace
 * and a pod in it, and so on.
 */
export const related = (a: StepSubject, b: StepSubject, incident: Incident): boolean => {
  if (a.uid === b.uid) return true;
  const others = podUids(b);
  return mayEndWith(a, incident).some((uid) => others.includes(uid));
};
