import { keyOf, type PlanItem } from '../model/entry.ts';
import type { RunPorts } from './run.ts';

/**
 * The plan in groups: each item alone, or together with the neighbours that may run in parallel with it. Two items of
 * the same step are never in one group, since the second may use what the first has found.
 */
export const groupsOf = (ports: Pick<RunPorts, 'stepOf'>, plan: readonly PlanItem[]): PlanItem[][] => {
  const isAlongside = ({ step }: PlanItem): boolean => ports.stepOf(step)?.alongside === true;
  const needs = (item: PlanItem, other: PlanItem): boolean =>
    [...item.after, ...(item.anyOf ?? []), ...(item.follows ?? [])].includes(keyOf(other));
  const goes = (item: PlanItem, group: readonly PlanItem[]): boolean =>
    isAlongside(item) && group.every((other) => isAlongside(other) && other.step !== item.step && !needs(item, other));
  const groups: PlanItem[][] = [];
  for (const item of plan) {
    const last = groups.at(-1);
    if (last !== undefined && goes(item, last)) last.push(item);
    else groups.push([item]);
  }
  return groups;
};
