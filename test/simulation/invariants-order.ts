import type { Transition } from '../../local/world/log.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { type Ended, holds, hostIds, type Invariant, ours } from './ended.ts';
import { deletedMachines } from './invariants-grants.ts';
import { isCut, isCutFirst, movableOn } from './invariants-policy.ts';
import { cordons, isOfNode, nameOf } from './invariants-undo.ts';

/** How old the check before a send may be, with the time that a call takes to arrive here. */
const CHECKED_MS = 4_000;

/** Whether a change contains something, and takes nothing back. */
const begins = (t: Transition): boolean =>
  cordons(t) ||
  t.change['metadata.labels.quarantine']?.to === 'true' ||
  (t.verb === 'delete' && /^Deployment /.test(t.object));

/** 4: nothing is begun on a pod, controller or node once all incidents that hold it were released or closed. */
const endsAtOnce: Invariant = ({ stage, incidents }) => {
  const { words } = stage.seen;
  const wordOn = (i: Incident, at: number) => words.findLast((w) => w.incident === i.id && w.at <= at);
  return ours(stage)
    .filter(begins)
    .flatMap((t) => {
      const on = incidents.filter((i) => holds(i, t.uid));
      const isEnded = (i: Incident): boolean => {
        const [last, before] = [wordOn(i, t.at), wordOn(i, t.at - CHECKED_MS)];
        return last !== undefined && last === before && /^(released|closed)$/.test(last.goal.tier);
      };
      return on.length > 0 && on.every((i) => isEnded(i) || wordOn(i, t.at) === undefined)
        ? [`4: ${t.object} was changed (${t.verb}), but all incidents that hold it had ended`]
        : [];
    });
};

/** How long the cut of a node waits for the node to leave its group, and for its drain. */
const LEAVE_MS = 60_000;
const DRAIN_MS = 110_000;

/**
 * 2: a node whose pods alone are suspect is cut off only after it has left its group and was drained, or after their
 * time.
 */
const cutLast: Invariant = (ended) => {
  const { stage, incidents } = ended;
  if (stage.jumps) return [];
  const mine = ours(stage);
  const zoneOf = ({ object }: Transition): string => object.split(/[ /]/)[1] ?? '';
  return mine
    .filter((t) => t.object.startsWith('instances ') && isCut(t))
    .flatMap((cut) => {
      const node = nameOf(cut);
      const began = mine.findLast((t) => t.at <= cut.at && t.object === `Node ${node}` && cordons(t))?.at;
      const on = incidents.filter((i) => hostIds(i).includes(cut.uid));
      if (began === undefined || on.length === 0 || isCutFirst(stage, on)) return [];
      const others = mine.filter(
        (t) => cordons(t) && nameOf(t) !== node && t.at > began - LEAVE_MS && t.at < cut.at + LEAVE_MS,
      );
      // A cordon whose answer was lost may arrive after the node has left its group.
      const left = mine.filter(
        (t) => t.verb === 'abandonInstances' && zoneOf(t) === zoneOf(cut) && t.at >= began - LEAVE_MS,
      );
      // A node that was cut before had left its group then.
      const isFirst = !mine.some((t) => t.uid === cut.uid && t.at < cut.at && isCut(t));
      const isAbandoned = left[0] !== undefined && left[0].at > cut.at;
      const isEarly = cut.at - began < LEAVE_MS && others.length === 0 && isFirst && isAbandoned;
      const staying = cut.at - began < DRAIN_MS ? movableOn(ended, node, cut.at) : [];
      return [
        ...(isEarly
          ? [`2: ${cut.object} was cut ${cut.at - began} ms after its cordon, before it left its group`]
          : []),
        ...(staying.length > 0
          ? [`2: ${cut.object} was cut ${cut.at - began} ms after its cordon, with ${staying} still on it`]
          : []),
      ];
    });
};

/** How long an order to delete a VM may be on its way. */
const ORDER_MS = 200_000;

/** 9: no VM is deleted while another incident, whose own change on it is in force, is neither released nor closed. */
const heldAlone: Invariant = ({ stage, incidents }: Ended) => {
  const endOf = (i: Incident): number =>
    stage.seen.words.find((w) => w.incident === i.id && /^(released|closed)$/.test(w.goal.tier))?.at ??
    Number.POSITIVE_INFINITY;
  return deletedMachines(stage).flatMap((t) => {
    const holding = incidents.filter((i) =>
      i.journal.some(
        (e) =>
          e.host === t.uid &&
          e.requestId !== undefined &&
          endOf(i) > t.at &&
          Number(stage.seen.held.get(`${i.id} ${t.uid}`)) < t.at - ORDER_MS &&
          e.takenBy === undefined,
      ),
    );
    return holding.length > 1
      ? [`9: ${t.object} was deleted while it was held by ${holding.map(({ id }) => id).join(', ')}`]
      : [];
  });
};

/** A change for which a budget was reserved may be denied for as long as this before it is made. */
const RESERVED_MS = 16 * 60_000;

/** 4: the last schedulable node of a zone is not taken out of service, unless an operator has lifted the budget. */
const notTheLast: Invariant = ({ stage, incidents }) => {
  const { lifted } = stage.seen;
  const all = stage.world.log.entries().filter(isOfNode);
  const zoneOf = (node: string): string => node.split('-').slice(0, 5).join('-');
  const isLifted = ({ uid, at }: Transition): boolean =>
    incidents.some((i) => hostIds(i).includes(uid) && Number(lifted.get(i.id)?.at) <= at);
  return ours(stage)
    .filter((t) => cordons(t) && !isLifted(t))
    .flatMap((t) => {
      const serving = new Map<string, boolean>();
      const before = all.filter((other) => other.at < t.at);
      for (const other of before) {
        const { change } = other;
        if (change[''] !== undefined) serving.set(other.object, change[''].to !== null);
        if (change['spec.unschedulable'] !== undefined)
          serving.set(other.object, change['spec.unschedulable'].to !== true);
      }
      const beside = [...serving].filter(([name]) => name !== t.object && zoneOf(name) === zoneOf(t.object));
      const isTaken = ({ change }: Transition): boolean =>
        change['spec.unschedulable']?.to === true || change['']?.to === null;
      const isRecent = before.some(
        (other) =>
          isTaken(other) &&
          other.object !== t.object &&
          zoneOf(other.object) === zoneOf(t.object) &&
          other.at > t.at - RESERVED_MS,
      );
      return beside.some(([, is]) => is) || isRecent || beside.length === 0
        ? []
        : [`4: ${t.object} was taken out of service, the last one of its zone`];
    });
};

/** The order of changes, and changes that something else stands against. */
export const ORDER: readonly Invariant[] = [endsAtOnce, cutLast, heldAlone, notTheLast];
