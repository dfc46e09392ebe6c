import type { Transition } from '../../local/world/log.ts';
import { markKey } from '../../shared/containment/marks.ts';
import { type Ended, holds, type Invariant, ours } from './ended.ts';
import { isCut, isCutBy } from './invariants-policy.ts';

/** The name of the object of a change. */
export const nameOf = ({ object }: Transition): string => object.split(/[ /]/).at(-1) ?? '';
export const isOfNode = ({ object }: Pick<Transition, 'object'>): boolean => object.startsWith('Node ');

/** Whether a change takes a node out of service. */
export const cordons = (t: Transition): boolean => isOfNode(t) && t.change['spec.unschedulable']?.to === true;
const MARK = `metadata.annotations.${markKey('cordon-node')}`;
/** Whether a change gives a cordon to another VM of the same Node, whose changes are taken back for themselves. */
const passesOn = ({ change }: Transition): boolean => change[MARK]?.from !== undefined && change[MARK].to !== undefined;
const uncordons = (t: Transition): boolean => isOfNode(t) && t.change['spec.unschedulable']?.from === true;

/** 5: a release lifts only a cordon that we have set since the node was last schedulable. */
const ownCordons: Invariant = ({ stage }) => {
  const all = stage.world.log.entries();
  return ours(stage)
    .filter(uncordons)
    .flatMap((t) => {
      const since = all.findLast((other) => other.uid === t.uid && other.at <= t.at && cordons(other));
      const isOurs = ours(stage).some((own) => own.uid === t.uid && own.at < t.at && cordons(own));
      return since === undefined || isOurs ? [] : [`5: the cordon of ${t.object} was lifted, which ${since.actor} set`];
    });
};

const reconnects = ({ change: { 'tags.items': tags } }: Transition): boolean =>
  isCutBy(tags?.from) && !isCutBy(tags?.to);

const LABEL = 'metadata.labels.quarantine';
const quarantines = ({ change }: Transition): boolean => change[LABEL]?.to === 'true';
const frees = ({ change }: Transition): boolean => change[LABEL]?.from === 'true';

const WORKLOADS = /^(Deployment|ReplicaSet) /;
const freezes = ({ object, change }: Transition): boolean =>
  WORKLOADS.test(object) && change['spec.replicas']?.to === 0;
const starts = ({ object, change }: Transition): boolean =>
  WORKLOADS.test(object) && change['spec.replicas']?.from === 0;

/** 5: a Deployment is only scaled to 0 by us, and from 0: what somebody else has set it to since stays. */
const ownScale: Invariant = ({ stage }) =>
  ours(stage).flatMap(({ object, change }) => {
    const { from, to } = change['spec.replicas'] ?? {};
    return change['spec.replicas'] === undefined || from === 0 || to === 0
      ? []
      : [`5: ${object} was scaled from ${from} to ${to}`];
  });

/** Two changes of ours that belong together: the second is made after the first, and so is taken back before it. */
type Pair = {
  first: { made: (t: Transition) => boolean; undone: (t: Transition) => boolean };
  second: { made: (t: Transition) => boolean; undone: (t: Transition) => boolean };
  isOfSame(first: Transition, second: Transition): boolean;
};

const pairsOf = ({ incidents }: Ended): Pair[] => [
  {
    first: { made: cordons, undone: uncordons },
    second: { made: isCut, undone: reconnects },
    isOfSame: (node, vm) => nameOf(node) === nameOf(vm),
  },
  {
    first: { made: quarantines, undone: frees },
    second: { made: freezes, undone: starts },
    isOfSame: (pod, controller) => incidents.some((i) => holds(i, pod.uid) && holds(i, controller.uid)),
  },
];

/**
 * 5: a release takes changes back in reverse order: a node is reconnected before it is schedulable again, and a
 * controller that is scaled to 0 is started again before its pod is given back to it. What is denied holds up nothing
 * else.
 */
const reversed: Invariant = (ended) => {
  const { stage } = ended;
  if (stage.denies || stage.rights.ever === true || stage.outage.ever === true) return [];
  const mine = ours(stage);
  return pairsOf(ended).flatMap(({ first, second, isOfSame }) =>
    mine.filter(first.undone).flatMap((t) => {
      if (mine.some((m) => m.uid === t.uid && passesOn(m))) return [];
      const made = mine.findLast((one) => one.uid === t.uid && one.at < t.at && first.made(one));
      const late = mine.filter((one) => {
        if (!second.undone(one) || one.at <= t.at || !isOfSame(t, one)) return false;
        const last = mine.findLast((m) => m.uid === one.uid && m.at < one.at && second.made(m));
        return made !== undefined && last !== undefined && last.at > made.at && last.at < t.at;
      });
      return late.map(({ object }) => `5: ${t.object} was given back before ${object}, which was changed after it`);
    }),
  );
};

/** What a release takes back, and in which order. */
export const UNDONE: readonly Invariant[] = [ownCordons, ownScale, reversed];
