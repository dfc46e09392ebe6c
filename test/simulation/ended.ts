import type { Transition } from '../../local/world/log.ts';
import { record } from '../../shared/kubernetes/loose.ts';
import type { Goal } from '../../shared/model/decision.ts';
import { TIERS, type Tier, tierRank } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { DeadLetter, FindingRecord } from '../../shared/model/records.ts';
import { hostsOf, type Subject } from '../../shared/model/subject.ts';
import { CONTAIN } from '../kit/containment.ts';
import type { Stage } from './stage.ts';

/** What an invariant is checked against: the stage with the world's log, and the final documents. */
export type Ended = {
  stage: Stage;
  incidents: Incident[];
  findings: FindingRecord[];
  dead: DeadLetter[];
  /** The incidents that are recorded for each pod, controller and VM that an incident holds, by its id. */
  recorded: ReadonlyMap<string, readonly string[]>;
};

/** Returns a sentence for each violation, beginning with the number of the promise in section 12 of the design. */
export type Invariant = (ended: Ended) => string[];

/** The changes that the function contain made in the world. */
export const ours = (stage: Stage): readonly Transition[] => stage.world.log.by(CONTAIN);

/** Instance ids and node UIDs of the hosts that an incident holds. */
export const hostIds = (i: Incident): string[] =>
  i.subjects.flatMap(hostsOf).flatMap(({ id, nodeUid }) => [id, nodeUid]);

/** The ids under which a subject must be found: its own, and that of its VM. */
export const heldIds = (s: Subject): string[] => [
  s.uid,
  ...hostsOf(s)
    .slice(0, 1)
    .map(({ id }) => id),
];

/** Whether an incident holds an object: a pod, controller, node or VM. */
export const holds = (i: Incident, uid: string): boolean =>
  hostIds(i).includes(uid) ||
  i.subjects.some((s) => s.uid === uid || (s.kind === 'pod' && s.owners.some((owner) => owner.uid === uid)));

/** Objects whose uid an incident holds. Others (policies, rules, groups, pods of our own) are not told apart. */
const HELD = /^(Pod (?!firebreak\/)|Node |instances |Deployment |StatefulSet |DaemonSet |ReplicaSet |Job |CronJob )/;

/** Objects that no release changes: evidence, groups that nodes have left, and the rules for the tag. */
const KEPT = /^(snapshots |disks |instanceGroupManagers |firewalls (?!firebreak-investigate))/;

/**
 * Whether a release of this incident may have made a change: it holds the object, or objects of this kind are not held.
 */
export const mayUndo = (i: Incident, { object, uid }: Pick<Transition, 'object' | 'uid'>): boolean => {
  if (HELD.test(object)) return holds(i, uid);
  const [kind, space] = object.split(/[ /]/);
  if (kind === 'NetworkPolicy') return i.subjects.some((s) => s.kind !== 'node' && s.namespace === space);
  return !KEPT.test(object);
};

/** People and their tools. */
const STRANGERS: readonly string[] = ['stranger', 'gitops'];

export const isStranger = ({ actor }: Pick<Transition, 'actor'>): boolean => STRANGERS.includes(actor);

/**
 * The changed fields of an object by path. A map of labels or the like that was added or removed as a whole, as with its
 * only key, counts by its keys.
 */
export const fieldsOf = ({ change }: Pick<Transition, 'change'>): Array<[path: string, to: unknown]> =>
  Object.entries(change).flatMap(([path, { from, to }]) => {
    const [before, after] = [record(from), record(to)];
    if (path === '' || (before ?? after) === undefined) return [[path, to]];
    return [...new Set(Object.keys({ ...before, ...after }))].map((key): [string, unknown] => [
      `${path}.${key}`,
      after?.[key],
    ]);
  });

/** Whether a stranger changed an object, after `since` in ms; with `paths`, one of the fields whose path they match. */
export const strangerTouched = (stage: Stage, uid: string, since = 0, paths = /^/): boolean =>
  stage.world.log
    .entries()
    .some((t) => t.uid === uid && isStranger(t) && t.at > since && Object.keys(t.change).some((p) => paths.test(p)));

/** Whether a stranger cordoned a node. */
export const strangerCordoned = (stage: Stage, uid: string): boolean =>
  stage.world.log.entries().some((t) => t.uid === uid && isStranger(t) && t.change['spec.unschedulable']?.to === true);

/**
 * The tiers that a goal allows for an object: those granted for subjects that are it or are on it, and the policy's
 * own.
 */
const tiersOn = (goal: Goal, incident: Incident, uid: string): Tier[] => {
  const { tier, covers, otherwise } = goal;
  if (covers === undefined) return TIERS.filter((known) => known === tier);
  const on = incident.subjects.filter(
    (s) =>
      s.uid === uid ||
      (s.kind === 'pod' && s.owners.some((owner) => owner.uid === uid)) ||
      hostsOf(s).some(({ id, nodeUid }) => id === uid || nodeUid === uid),
  );
  const granted = covers.flatMap((grant) => (on.some((s) => s.uid === grant.uid) ? [grant.tier] : []));
  return [...granted, ...(otherwise === undefined ? [] : [otherwise.tier])];
};

/** The highest tier that an acting goal of an incident ever allowed for an object that the incident holds. */
export const allowedOn = (stage: Stage, incident: Incident, uid: string): Tier | undefined =>
  holds(incident, uid)
    ? [...(stage.seen.goals.get(incident.id)?.values() ?? [])]
        .filter(({ mode }) => mode === 'act')
        .flatMap((goal) => tiersOn(goal, incident, uid))
        .toSorted((a, b) => tierRank(b) - tierRank(a))[0]
    : undefined;

/** The UIDs of the Nodes on which each pod has ever been, by the UID of the pod. */
export const nodesOf = (stage: Stage): ReadonlyMap<string, readonly string[]> => {
  const named = new Map<string, string[]>();
  const on = new Map<string, string[]>();
  for (const t of stage.world.log.entries()) {
    const made = Object(t.change['']?.to);
    if (t.object.startsWith('Node ') && made.metadata !== undefined)
      named.set(made.metadata.name, [...(named.get(made.metadata.name) ?? []), t.uid]);
    const node = t.change['spec.nodeName']?.to ?? made.spec?.nodeName;
    if (t.object.startsWith('Pod ') && typeof node === 'string') on.set(t.uid, named.get(node) ?? []);
  }
  return on;
};
