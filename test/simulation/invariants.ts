import type { Transition } from '../../local/world/log.ts';
import { markKey } from '../../shared/containment/marks.ts';
import { type Ended, fieldsOf, holds, hostIds, type Invariant, isStranger, ours } from './ended.ts';
import { ASKS } from './invariants-asks.ts';
import { ENDINGS } from './invariants-endings.ts';
import { GRANTS } from './invariants-grants.ts';
import { HELD } from './invariants-held.ts';
import { LIMITS } from './invariants-limits.ts';
import { ORDER } from './invariants-order.ts';
import { POLICIES } from './invariants-policy.ts';
import { RESTORED } from './invariants-restore.ts';
import { UNDONE } from './invariants-undo.ts';
import { WORDS } from './invariants-words.ts';

/** The size of a group changes with every node that leaves or joins. The service itself counts it. */
const COUNTED = ['targetSize'];

const told = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

type Earlier = { at: number; to: unknown };

/**
 * Returns a sentence for each of our changes that sets a field to the value that we last set it to. `isAnew` tells
 * whether a change at `path` belongs to another hold than our last change of this field, made at `since`.
 */
export const repeated = (
  changes: readonly Transition[],
  isAnew: (t: Transition, path: string, since: number) => boolean = () => false,
): string[] => {
  const last = new Map<string, Earlier>();
  return changes.flatMap((t) =>
    fieldsOf(t).flatMap(([path, to]) => {
      if (COUNTED.includes(path)) return [];
      const key = `${t.uid} ${path}`;
      const earlier = last.get(key);
      last.set(key, { at: t.at, to });
      const again = earlier !== undefined && told(earlier.to) === told(to) && !isAnew(t, path, earlier.at);
      return again ? [`1: ${t.object} ${path} was set to ${told(to)} twice`] : [];
    }),
  );
};

/**
 * 1: a field is set once and undone once, in turns, whatever strangers did in between. Exception: if a stranger undid a
 * change, a release has nothing to undo, and the next hold sets the field again. So it does if a stranger undid the
 * change around a close, as people are told to; what was closed is then made again by the next episode, once that has a
 * goal. Or the Node belongs to another VM by now, which is held for itself.
 */
const once: Invariant = ({ stage, incidents }) => {
  const all = stage.world.log.entries();
  const within = (at: number, since: number, until: number): boolean => at > since && at < until;
  const isUndoneBy = ({ uid, at }: Transition, path: string, since: number): boolean =>
    all.some(
      (t) =>
        isStranger(t) && t.uid === uid && fieldsOf(t).some(([changed]) => changed === path) && within(t.at, since, at),
    );
  const isEnded = ({ uid, at }: Transition, since: number): boolean =>
    stage.seen.words.some((word) => {
      const i = incidents.find(({ id }) => id === word.incident);
      const ends = word.goal.tier === 'released' || word.goal.tier === 'closed';
      const follows = word.before === null && i !== undefined && i.episode > 1;
      return (ends || follows) && within(word.at, since, at) && i !== undefined && holds(i, uid);
    });
  const isOfAnotherVm = ({ change }: Transition): boolean => {
    const mark = change[`metadata.annotations.${markKey('cordon-node')}`];
    return mark?.from !== undefined && mark.to !== undefined;
  };
  return repeated(
    ours(stage),
    (t, path, since) => isUndoneBy(t, path, since) && (isEnded(t, since) || isOfAnotherVm(t)),
  );
};

/** 1: a group is never resized down, so that nobody loses a node by a resize. */
const neverDown: Invariant = ({ stage }) =>
  ours(stage).flatMap((t) =>
    t.verb === 'resize' && Number(t.change.targetSize?.to) < Number(t.change.targetSize?.from)
      ? [`1: ${t.object} was resized down`]
      : [],
  );

/** 2: no controller is deleted before every disk is safe, unless the goal has stopFirst. */
const gated: Invariant = ({ stage }) =>
  stage.seen.deletions.flatMap(({ transition, open }) =>
    open.length === 0 ? [] : [`2: ${transition.object} was deleted while not safe: ${open.join(', ')}`],
  );

const isOurPod = (t: Transition): boolean => t.object.startsWith('Pod firebreak/');

/** 3: only pods, nodes and VMs are changed that some incident holds by UID or instance id. */
const identity: Invariant = ({ stage, incidents }: Ended) => {
  const pods = new Set(incidents.flatMap((i) => i.subjects.map((s) => s.uid)));
  const hosts = new Set(incidents.flatMap(hostIds));
  return ours(stage).flatMap((t) => {
    if (t.object.startsWith('Node '))
      return hosts.has(t.uid) ? [] : [`3: ${t.object} was changed, but no incident holds this node`];
    if (t.object.startsWith('instances '))
      return hosts.has(t.uid) || t.verb === 'createInstances'
        ? []
        : [`3: ${t.object} (${t.uid}) was changed, but no incident holds this VM`];
    if (t.object.startsWith('Pod ') && t.verb === 'patch' && !isOurPod(t))
      return pods.has(t.uid) ? [] : [`3: ${t.object} was changed, but no incident holds this pod`];
    return [];
  });
};

export const INVARIANTS: readonly Invariant[] = [
  once,
  neverDown,
  gated,
  identity,
  ...LIMITS,
  ...POLICIES,
  ...WORDS,
  ...ASKS,
  ...ORDER,
  ...UNDONE,
  ...GRANTS,
  ...HELD,
  ...RESTORED,
  ...ENDINGS,
];
