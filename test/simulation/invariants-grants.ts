import type { Transition } from '../../local/world/log.ts';
import { TIERS, type Tier, tierRank } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { hostsOf } from '../../shared/model/subject.ts';
import { msOf, timeOf } from '../../shared/model/time.ts';
import { CONTAIN } from '../kit/containment.ts';
import { type Ended, type Invariant, ours } from './ended.ts';
import type { Stage } from './stage.ts';
import type { Word } from './watch.ts';

/** A tier that an operator granted for a subject. */
type Grant = { incident: string; uid: string; tier: Tier };

const tierOf = (said: unknown): Tier | undefined => TIERS.find((tier) => tier === said);

/** Tiers that act on one pod or node: a request that names one does not cover the others that its incident holds. */
const ONE_BY_ONE: readonly Tier[] = ['redeploy', 'delete-host'];

/** UIDs of the subjects that a request names, among those that its incident held when it recorded the request. */
const namedBy = (request: Record<string, unknown>, tier: Tier, { subjects }: Word): string[] => {
  const { pod, namespace } = Object(request.target);
  const named = subjects.filter((s) => s.kind === 'pod' && s.name === pod && s.namespace === namespace);
  return (pod !== undefined && ONE_BY_ONE.includes(tier) ? named : subjects).map(({ uid }) => uid);
};

/** The tier and the subjects that a written goal's request grants: its own, or those of the request it approves. */
const saidBy = (stage: Stage, word: Word): { tier: Tier; uids: string[] } | undefined => {
  const request = stage.seen.requests.get(word.request ?? '');
  if (request === undefined) return undefined;
  const isApproval = request.action === 'approve';
  const tier = isApproval ? word.asked?.tier : tierOf(request.tier);
  if (tier === undefined) return undefined;
  const wish = isApproval ? stage.seen.requests.get(word.asking ?? '') : request;
  return { tier, uids: wish === undefined ? word.subjects.map(({ uid }) => uid) : namedBy(wish, tier, word) };
};

/** Pods that a controller makes for as long as this after a request that names it are part of what was named. */
const AWAITED_MS = 120_000;

/** UIDs of the pods that joined an incident because a request had named their controller, which is among `uids`. */
const awaited = (incidents: readonly Incident[], { incident, goal }: Word, uids: readonly string[]): string[] => {
  const pods = incidents.flatMap((i) => (i.id === incident ? i.subjects.filter((s) => s.kind === 'pod') : []));
  const isIn = (at: string): boolean => msOf(at) <= msOf(goal.at) + AWAITED_MS;
  return pods.filter((s) => isIn(s.createdAt) && s.owners.some((o) => uids.includes(o.uid))).map(({ uid }) => uid);
};

/** What operators granted while the policy acted, by their requests and not by the goals made of them. */
const grantsOf = ({ stage, incidents }: Ended): Grant[] =>
  stage.seen.words.flatMap((word) => {
    const said = word.goal.mode === 'act' ? saidBy(stage, word) : undefined;
    if (said === undefined) return [];
    const uids = [...said.uids, ...awaited(incidents, word, said.uids)];
    return uids.map((uid) => ({ incident: word.incident, uid, tier: said.tier }));
  });

const MANAGER = 'instance-group-manager';

/** Deletions of VMs by us: directly, or through their group, which deletes the VM itself after a fixed time. */
export const deletedMachines = (stage: Stage): Transition[] => {
  const { group } = stage.world.compute.state.durations;
  const zoneOf = ({ object }: Transition): string | undefined => object.split(' ')[1]?.split('/')[0];
  const asked = ours(stage).filter((t) => t.verb === 'deleteInstances');
  const isOurs = (t: Transition): boolean =>
    asked.some((by) => by.at + group === t.at && zoneOf(by) === zoneOf(t)) && t.verb === 'deleteInstance';
  return stage.world.log
    .entries()
    .filter(({ object }) => object.startsWith('instances '))
    .filter((t) => (t.actor === CONTAIN ? t.verb === 'delete' : t.actor === MANAGER && isOurs(t)));
};

/** The longest time from the order to a group until the group deletes the VM. */
const ORDER_MS = 200_000;

/**
 * The VMs that were made again as this one shortly before. A group deletes by name, so an order that was given for the
 * earlier VM may reach the one that auto-repair made meanwhile.
 */
const formerOf = (stage: Stage, { object, at }: Transition): string[] =>
  stage.world.log
    .entries()
    .filter((t) => t.object === object && t.verb === 'recreateInstance' && t.at <= at && t.at > at - ORDER_MS)
    .map(({ uid }) => uid);

/** How long a drain may still act on reads from before a pod joined an incident. */
const JOINS_MS = 120_000;

/** Deletions and evictions by us of pods that an incident held at that time. */
const deletedPods = ({ stage, incidents }: Ended): Transition[] => {
  const isOver = (id: string, at: number): boolean =>
    stage.seen.words.some((w) => w.incident === id && w.at <= at && tierOf(w.goal.tier) === undefined);
  return ours(stage).filter(
    (t) =>
      t.verb === 'delete' &&
      t.object.startsWith('Pod ') &&
      !t.object.startsWith('Pod firebreak/') &&
      incidents.some(
        (i) =>
          !isOver(i.id, t.at) &&
          // What an incident took over from a closed one was nobody's before.
          i.openedAt <= timeOf(t.at) &&
          i.subjects.some((s) => s.kind === 'pod' && s.uid === t.uid && s.addedAt < timeOf(t.at - JOINS_MS)),
      ),
  );
};

/**
 * 4: no node, pod or workload that an incident holds is deleted unless an operator requested or approved its deletion
 * while the policy acted.
 */
const named: Invariant = (ended) => {
  const { stage, incidents } = ended;
  const grants = grantsOf(ended);
  const byId = new Map(incidents.map((i) => [i.id, i]));
  const isGranted = (tiers: readonly Tier[], isOn: (uid: string, incident: string) => boolean): boolean =>
    grants.some((g) => tiers.includes(g.tier) && isOn(g.uid, g.incident));
  const subjectOf = (uid: string, id: string) => byId.get(id)?.subjects.find((s) => s.uid === uid);
  const isUnder = (controller: string) => (uid: string, id: string) => {
    const s = subjectOf(uid, id);
    return uid === controller || (s?.kind === 'pod' && s.owners.some((owner) => owner.uid === controller));
  };
  const isAt = (machine: string) => (uid: string, id: string) => {
    const s = subjectOf(uid, id);
    return s !== undefined && hostsOf(s).some(({ id: host }) => host === machine);
  };
  return [
    ...stage.seen.deletions.map(({ transition: t }) => [t, isGranted(['delete-workload'], isUnder(t.uid))] as const),
    ...deletedMachines(stage).map(
      (t) => [t, [t.uid, ...formerOf(stage, t)].some((uid) => isGranted(['delete-host'], isAt(uid)))] as const,
    ),
    ...deletedPods(ended).map((t) => {
      // Deleting a workload also deletes the pods that the incident holds and that were taken out of the workload.
      const isGone = isGranted(['delete-workload'], (_, id) => subjectOf(t.uid, id) !== undefined);
      return [t, isGone || isGranted(['redeploy'], (uid) => uid === t.uid)] as const;
    }),
  ].flatMap(([t, isAllowed]) => (isAllowed ? [] : [`4: ${t.object} was deleted without a request for that`]));
};

const deletes = (goal: Word['goal'] | null): boolean => {
  const tier = tierOf(goal?.tier);
  return tier !== undefined && tierRank(tier) > tierRank('isolate');
};

/** 4: a goal that deletes acts only on an operator's request, and not because it was tried in a dry run before. */
const inEarnest: Invariant = ({ stage }) =>
  stage.seen.words.flatMap(({ incident, goal, before, request }) =>
    deletes(goal) && goal.mode === 'act' && request === undefined && (before?.mode !== 'act' || !deletes(before))
      ? [`4: the goal ${goal.tier} of ${incident} acts, but no operator requested it`]
      : [],
  );

/** 2: a goal that acts has stopFirst only if a request or an ask has it, or if the acting goal before had it. */
const stopsFirst: Invariant = ({ stage }) =>
  stage.seen.words.flatMap(({ incident, goal, before, asked, request }) => {
    if (goal.stopFirst !== true || goal.mode !== 'act') return [];
    if (before?.mode === 'act' && before.stopFirst === true) return [];
    return asked?.stopFirst === true || stage.seen.requests.get(request ?? '')?.stopFirst === true
      ? []
      : [`2: ${incident} has stopFirst, but neither a request nor an ask had it`];
  });

/** 5: an approved tier is granted: every subject that it is for has at least this tier, unless a policy changed. */
const approved: Invariant = ({ stage }) =>
  stage.seen.words.flatMap((word) => {
    const { incident, goal, asked, request } = word;
    const isOperators = stage.seen.requests.get(request ?? '')?.action === 'approve' && asked?.by !== undefined;
    const said = isOperators && stage.seen.policies.length === 0 ? saidBy(stage, word) : undefined;
    const rank = said === undefined ? 0 : tierRank(said.tier);
    const rankFor = (uid: string): number => {
      const tier = goal.covers === undefined ? goal.tier : goal.covers.find((grant) => grant.uid === uid)?.tier;
      return tierRank(tierOf(tier) ?? 'observe');
    };
    const less = said?.uids.filter((uid) => rankFor(uid) < rank) ?? [];
    return less.length === 0
      ? []
      : [`5: ${said?.tier} was approved in ${incident}, but not granted for ${less.join(', ')}`];
  });

/** Deletions need a request or an approval, and approvals take effect. */
export const GRANTS: readonly Invariant[] = [named, inEarnest, stopsFirst, approved];
