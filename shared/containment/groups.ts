import { keyOf, type PlanItem } from '../model/entry.ts';
import type { RunPorts } from './run.ts';

/**
 * The plan in groups: each item alone, or together with the neighbours of the same pace. A group has no more items of one
 * step than may be worked on at once, and never two on the same subject, since the second may use what the first has
 * found.
 */
export const groupsOf = (ports: Pick<RunPorts, 'stepOf'>, plan: readonly PlanItem[]): PlanItem[][] => {
  const paceOf = ({ step }: PlanItem) => ports.stepOf(step)?.pace;
  const isFull = ({ step, uid, subject }: PlanItem, group: readonly PlanItem[]): boolean => {
    const same = group.filter((other) => other.step === step);
    const most = ports.stepOf(step)?.atOnce?.(subject) ?? 1;
    return same.length >= most || same.some((other) => other.uid === uid);
  };
  const needs = (item: PlanItem, other: PlanItem): boolean =>
    [...item.after, ...(item.anyOf ?? []), ...(item.follows ?? [])].includes(keyOf(other));
  const goes = (item: PlanItem, group: readonly PlanItem[]): boolean =>
    paceOf(item) !== undefined &&
    !isFull(item, group) &&
    group.every((other) => paceOf(other) === paceOf(item) && !needs(item, other));
  const groups: PlanItem[][] = [];
  for (const item of plan) {
    const last = groups.at(-1);
    if (last !== undefined && goes(item, last)) last.push(item);
    else groups.push([item]);
  }
  return groups;
};
