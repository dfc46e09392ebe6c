import type { Goal } from '../model/decision.ts';
import { type Entry, isSettled, keyOf, type PlanItem } from '../model/entry.ts';
import { type StepId, TIERS, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { HostRef, OwnerRef, PodSubject, Subject } from '../model/subject.ts';
import { ISOLATE_HOST_REACH, PLAYBOOKS, type RowItem, type Scope } from './playbooks.ts';

/** What a plan item is done to, resolved from the incident's subjects. */
export type StepSubject =
  | { scope: 'pod'; subject: string; uid: string; pod: PodSubject; part?: 'objects' | 'logs' }
  | { scope: 'node'; subject: string; uid: string; host: HostRef; pods: PodSubject[] }
  | { scope: 'namespace'; subject: string; uid: string; namespace: string; pods: PodSubject[] }
  | { scope: 'workload'; subject: string; uid: string; namespace: string; owner: OwnerRef; pods: PodSubject[] };

type Situation = { networkPolicy: boolean };

const podsOf = (incident: Incident): PodSubject[] => incident.subjects.flatMap((s) => (s.kind === 'pod' ? [s] : []));

const podName = (pod: PodSubject): string => `${pod.namespace}/${pod.name}`;

/** Keeps the first of each key, in order. */
const unique = <T>(items: T[], key: (item: T) => string): T[] =>
  [...new Map(items.toReversed().map((i) => [key(i), i])).values()].toReversed();

const nodesOf = (incident: Incident): StepSubject[] => {
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

/** The subjects of one scope, as the incident holds them now. */
export const subjectsOf = (incident: Incident, scope: Scope, part?: RowItem['part']): StepSubject[] => {
  if (scope === 'pod') return podSubjectsOf(incident, part);
  if (scope === 'node') return nodesOf(incident);
  return scope === 'namespace' ? namespacesOf(incident) : workloadsOf(incident);
};

/**
 * The subjects that something may be done to: load that moves from a pod to its replicas must not have these
 * contained too, so a pod that only its CPU use speaks against waits for what speaks against another.
 */
export const suspectsOf = ({ subjects }: Pick<Incident, 'subjects'>): Subject[] => {
  const isBusy = (s: Subject): boolean => s.kind === 'pod' && s.cpuOnly === true;
  const others = subjects.filter((s) => !isBusy(s));
  return others.length === 0 ? subjects : others;
};

/** What a plan made now would cover: another text where another subject has joined, whether or not the goal changed with it. */
export const coverOf = (incident: Pick<Incident, 'subjects'>): string =>
  suspectsOf(incident)
    .map(({ uid }) => uid)
    .join(' ');

/** Whether two subjects touch: a node and a pod on it, a namespace and a pod in it, and so on. */
const related = (a: StepSubject, b: StepSubject): boolean => {
  if (a.uid === b.uid) return true;
  const pods = (s: StepSubject) => (s.scope === 'pod' ? [s.pod.uid] : s.pods.map((p) => p.uid));
  const others = pods(b);
  return pods(a).some((uid) => others.includes(uid));
};

/** The row that a tier follows for this incident. Exported for the ask's hash and for explanations. */
export const rowOf = (tier: Tier, incident: Incident, situation: Situation): readonly RowItem[] => {
  const reach = podsOf(incident).some((p) => p.hostReach) || !situation.networkPolicy;
  return tier === 'isolate' && reach ? ISOLATE_HOST_REACH : PLAYBOOKS[tier];
};

const wanted = (item: RowItem, goal: Goal, incident: Incident): boolean => {
  if (item.only !== undefined && goal.options?.[item.only] !== true) return false;
  if (goal.stopFirst === true && item.evidence === true) return false;
  const attributed = podsOf(incident).length > 0;
  return item.step !== 'drain-node' || attributed || goal.options?.drain === true;
};

type Placed = { item: RowItem; on: StepSubject };

const place = (row: readonly RowItem[], incident: Incident, goal: Goal): Placed[] =>
  row
    .filter((item) => wanted(item, goal, incident))
    .flatMap((item) => subjectsOf(incident, item.scope, item.part).map((on) => ({ item, on })));

const keysAmong = (placed: readonly Placed[], steps: readonly StepId[] | undefined, on: StepSubject): string[] =>
  placed
    .filter((other) => steps?.includes(other.item.step) === true && related(on, other.on))
    .map((other) => keyOf({ step: other.item.step, subject: other.on.subject, uid: other.on.uid }));

const itemOf = (placed: readonly Placed[], { item, on }: Placed, goal: Goal): PlanItem => ({
  step: item.step,
  subject: on.subject,
  uid: on.uid,
  ...(item.start === true ? { start: true } : {}),
  after: keysAmong(placed, item.needs, on),
  ...(item.follows === undefined ? {} : { follows: keysAmong(placed, item.follows, on) }),
  ...(item.anyOf === undefined || goal.stopFirst === true ? {} : { anyOf: keysAmong(placed, item.anyOf, on) }),
});

const ROW_ITEMS: readonly RowItem[] = [...Object.values(PLAYBOOKS).flat(), ...ISOLATE_HOST_REACH];

/** What comes back with an unfinished item that waits for it: it only looks. Nothing else enters a plan but by the row of its goal. */
const GATES: readonly StepId[] = ['snapshots-ready'];

const needsOf = (step: StepId): StepId[] => ROW_ITEMS.flatMap((item) => (item.step === step ? (item.needs ?? []) : []));

/** An item of an earlier goal, waiting for what has joined since as well: a pod on another node has disks of its own. */
const waitingAlso = (item: PlanItem, placed: readonly Placed[], incident: Incident): PlanItem => {
  const on = ROW_ITEMS.filter(({ step }) => step === item.step)
    .flatMap(({ scope, part }) => subjectsOf(incident, scope, part))
    .find(({ subject, uid }) => subject === item.subject && uid === item.uid);
  const also = on === undefined ? [] : keysAmong(placed, needsOf(item.step), on);
  return { ...item, after: [...new Set([...item.after, ...also])] };
};

/** The steps of every tier up to this one. */
const stepsUpTo = (tier: Tier): StepId[] =>
  TIERS.filter((one) => tierRank(one) <= tierRank(tier)).flatMap((one) => PLAYBOOKS[one].map(({ step }) => step));

/**
 * The plan of a goal: its tier's row on every subject, in the row's order, and before it whatever an earlier, lower
 * goal had begun or planned and not settled. A falling score never shortens a running plan. A policy does (`capped`: it
 * allows this tier, and the goal is above): what is left of an earlier plan is then in it only as far as rows up to this
 * tier have it.
 */
export const planOf = (
  incident: Incident,
  tier: Tier,
  goal: Goal,
  situation: Situation,
  capped = false,
): PlanItem[] => {
  const about = { ...incident, subjects: suspectsOf(incident) };
  const row = rowOf(tier, about, situation);
  const entries = new Map(incident.journal.map((e): [string, Entry] => [keyOf(e), e]));
  const allowed = capped ? stepsUpTo(tier) : undefined;
  const open = incident.plan.filter((item) => {
    const known = entries.get(keyOf(item));
    if (known !== undefined && isSettled(known)) return false;
    return allowed === undefined || allowed.includes(item.step);
  });
  const isMissing = ({ step }: RowItem): boolean =>
    GATES.includes(step) && open.some((item) => needsOf(item.step).includes(step)) && !row.some((r) => r.step === step);
  const gates = unique(ROW_ITEMS.filter(isMissing), ({ step }) => step);
  const placed = place([...gates, ...row], about, goal);
  const items = placed.map((one) => itemOf(placed, one, goal));
  const keys = new Set(items.map(keyOf));
  const unfinished = open.filter((item) => !keys.has(keyOf(item)));
  return [...unfinished.map((item) => waitingAlso(item, placed, about)), ...items];
};

/** The soft order of a plan: steps that one waits for, with the most seconds it does, from the row in force. */
export const waitsOf = (row: readonly RowItem[], step: StepId): Readonly<Partial<Record<StepId, number>>> =>
  row.find((item) => item.step === step)?.waits ?? {};
