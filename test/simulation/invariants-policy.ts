import type { Transition } from '../../local/world/log.ts';
import { type StepId, tierRank } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { msOf } from '../../shared/model/time.ts';
import { type Ended, hostIds, type Invariant, isStranger, mayUndo, ours } from './ended.ts';
import type { Stage } from './stage.ts';

const MINUTE_MS = 60_000;
/**
 * A run keeps the policy that its process has read. It walks for minutes, and its calls and operations take a while.
 */
const AFTER_MS = 12 * MINUTE_MS;

/** Whether a change keeps evidence, which every tier does. */
const keeps = ({ object, verb }: Transition): boolean =>
  object.startsWith('snapshots ') || verb === 'patch ephemeralcontainers';

const INVESTIGATE = 'firebreak-investigate';
/** Whether a change ends an investigation access, which happens at its time under every policy. */
const ends = ({ object, change }: Transition): boolean =>
  object.includes(INVESTIGATE) || JSON.stringify(change['tags.items']?.from ?? '').includes(INVESTIGATE);

/** Whether an incident is open at a time: the drain of a node spares only the pods of such incidents. */
const isOpen = ({ seen }: Stage, { id, openedAt }: Incident, at: number): boolean => {
  const last = seen.words.findLast((word) => word.incident === id && word.at <= at);
  return msOf(openedAt) <= at && last?.goal.tier !== 'closed' && last?.goal.tier !== 'released';
};

/** 4: nothing is changed above the policy in force, even by a plan that was made before, except by a release. */
const policy: Invariant = ({ stage, incidents }) =>
  stage.seen.policies.flatMap(({ from, to, most, dry }) => {
    const after = from + AFTER_MS;
    const isLess = dry || tierRank(most) < tierRank('delete-host');
    const isReleased = (t: Transition): boolean =>
      stage.seen.words.some(
        ({ goal, incident, at }) =>
          goal.tier === 'released' && at < t.at && incidents.some((i) => i.id === incident && mayUndo(i, t)),
      );
    if (!isLess) return [];
    // What a policy allows in namespaces does not limit an incident on nodes alone, nor the drain that its request
    // names: that evicts pods which no incident holds.
    const ofNodes = incidents.filter((i) => i.subjects.length > 0 && i.subjects.every(({ kind }) => kind === 'node'));
    const has = (wanted: StepId): boolean => ofNodes.some(({ journal }) => journal.some(({ step }) => step === wanted));
    const isShared = ({ object }: Transition): boolean =>
      (object.startsWith('instanceGroupManagers ') && has('restore-group-size')) ||
      (object.startsWith('firewalls firebreak-') && has('deny-node-network'));
    const isOfNodes = (t: Transition): boolean =>
      ofNodes.length > 0 &&
      (ofNodes.some((i) => mayUndo(i, t)) ||
        isShared(t) ||
        (t.object.startsWith('Pod ') && !incidents.some((i) => mayUndo(i, t) && isOpen(stage, i, t.at))));
    return ours(stage)
      .filter((t) => t.at > after && t.at < to && (dry || (!keeps(t) && !isOfNodes(t))) && !ends(t) && !isReleased(t))
      .map((t) => `4: ${t.object} was changed ${t.at - from} ms after the policy allowed ${dry ? 'nothing' : most}`);
  });

/** Shorter than a drain may take, to leave room for the steps around it. */
const DRAIN_MS = 90_000;
const SOON_MS = 28_000;

/** Whether these network tags cut a VM off. */
export const isCutBy = (tags: unknown): boolean => JSON.stringify(tags ?? '').includes('firebreak-quarantine');
/** Whether a change cuts a VM off. */
export const isCut = ({ change }: Transition): boolean => isCutBy(change['tags.items']?.to);

/** Whether a stranger has lifted the cordon of a node by then: pods may come to it again, also after its drain. */
const isPutBack = ({ world }: Stage, node: string, at: number): boolean => {
  const last = world.log
    .entries()
    .findLast((t) => t.object === `Node ${node}` && 'spec.unschedulable' in t.change && t.at <= at);
  return last !== undefined && isStranger(last) && last.change['spec.unschedulable']?.to !== true;
};

/**
 * Pods on a node at a time that no incident holds and that their controllers would create again elsewhere, but for those
 * that came to it since a stranger lifted its cordon.
 */
export const movableOn = ({ stage, incidents }: Ended, node: string, at: number): string[] => {
  const log = stage.world.log.entries().filter((t) => t.object.startsWith('Pod ') && t.at <= at);
  const of = (test: (t: Transition) => boolean): Set<string> => new Set(log.filter(test).map(({ uid }) => uid));
  const isMadeAgain = ({ change }: Transition): boolean =>
    /^(ReplicaSet|StatefulSet)$/.test(String(Object(change['']?.to).metadata?.ownerReferences?.[0]?.kind));
  const made = of(isMadeAgain);
  const gone = of(({ verb, change }) => verb === 'delete' && change['']?.to === null);
  const bound = log.filter((t) => t.change['spec.nodeName']?.to === node && !isPutBack(stage, node, t.at));
  return bound
    .filter(
      ({ uid }) => made.has(uid) && !gone.has(uid) && !incidents.some((i) => i.subjects.some((s) => s.uid === uid)),
    )
    .map(({ object }) => object);
};

/** Whether a node is cut before it is drained: the node itself is within reach, or nothing is to be waited for. */
export const isCutFirst = ({ seen }: Stage, on: readonly Incident[]): boolean =>
  on.some(
    (i) =>
      i.subjects.some((s) => s.kind !== 'pod' || s.hostReach) ||
      [...(seen.goals.get(i.id)?.values() ?? [])].some(({ stopFirst }) => stopFirst === true),
  );

/**
 * 5: the time during which a policy held back a drain does not count against the drain: its node is not cut early while
 * pods on the node could still leave it.
 */
const drained: Invariant = (ended) => {
  const { stage, incidents } = ended;
  // Where clocks jump, a step may have begun at a time that never was.
  if (stage.jumps) return [];
  const intervals = stage.seen.policies.filter(({ dry, most }) => dry || tierRank(most) < tierRank('isolate'));
  const cutsAt = (t: Transition) => intervals.flatMap(({ from, to }) => (t.at > to ? [{ cut: t, from, to }] : []));
  const cuts = ours(stage).filter((t) => t.object.startsWith('instances ') && isCut(t));
  return cuts.flatMap(cutsAt).flatMap(({ cut, from, to }) => {
    const on = incidents.filter((i) => hostIds(i).includes(cut.uid));
    // A run that began under the earlier policy keeps that policy, so its drain goes on.
    const outlasts = stage.bus.deliveries.some(
      (d) => d.topic === 'containment' && d.from < from && (d.to ?? Number.POSITIVE_INFINITY) > from + SOON_MS,
    );
    const node = cut.object.split('/').at(-1) ?? '';
    const began = ours(stage).find((t) => t.object === `Node ${node}` && 'spec.unschedulable' in t.change)?.at;
    if (
      began === undefined ||
      began > from ||
      from - began + cut.at - to > DRAIN_MS ||
      isCutFirst(stage, on) ||
      outlasts
    )
      return [];
    const left = movableOn(ended, node, cut.at);
    return left.length === 0
      ? []
      : [
          `5: ${cut.object} was cut ${cut.at - to} ms after the end of a policy that held back its drain, with ${left} on it`,
        ];
  });
};

/** What must hold when the policy changes during a play. */
export const POLICIES: readonly Invariant[] = [policy, drained];
