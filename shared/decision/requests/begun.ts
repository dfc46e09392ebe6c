import { isDeepStrictEqual } from 'node:util';
import type { Goal } from '../../model/decision.ts';
import { TIERS, type Tier, tierRank } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import { coversOf } from '../grant.ts';
import { coverOf } from '../plan.ts';
import type { Policy } from '../policy.ts';

/** What runs of an incident, and what a word may add to: a goal that was only tried in a dry run is not carried out by it. */
export const runningOf = ({ mode }: Pick<Policy, 'mode'>, { goal }: Pick<Incident, 'goal'>): Goal | null =>
  goal?.mode === 'dry-run' && mode === 'act' ? null : goal;

const deedsOf = ({ tier, mode, requested, stopFirst, options }: Goal): unknown => ({
  tier,
  mode,
  requested,
  stopFirst: stopFirst === true,
  options: options ?? {},
});

/** Whether something would be done to what the incident did not hold before. */
export const brings = (before: Incident, next: Incident): boolean => coverOf(before) !== coverOf(next);

/**
 * The tier that a word begins, which says whose word it must be: `granted` where it only brings subjects to what operators
 * granted, each with a tier of its own; else that of the goal which it leads to, whatever lower tier it named, since what it
 * adds is for that. undefined where nothing more is done than without it.
 */
export const begunBy = (before: Incident | null, next: Incident, granted: Tier): Tier | undefined => {
  const known = before?.goal ?? null;
  const tier = TIERS.find((one) => one === next.goal?.tier);
  if (before === null || known === null || next.goal === null) return tier;
  if (!isDeepStrictEqual(deedsOf(known), deedsOf(next.goal))) return tier;
  if (!isDeepStrictEqual(coversOf(before), next.goal.covers)) return granted;
  return next.goal.covers === undefined && brings(before, next) ? tier : undefined;
};

/**
 * Why a word cannot be taken into an incident whose goal is for all that it holds: what it brings would come to more than
 * was asked for, or before another operator has approved that. undefined where it can.
 */
export const mixedUp = (
  running: Goal | null,
  { id, asked, named, waits }: { id: string; asked: Tier; named: string; waits: boolean },
): string | undefined => {
  const tier = TIERS.find((one) => one === running?.tier);
  if (tier === undefined) return undefined;
  if (tierRank(tier) > tierRank(asked))
    return `incident ${id} is at ${tier} already, and ${named} would be taken to ${tier} as well: send contain ${tier} if that is meant, or close the incident first to do less`;
  return waits
    ? `incident ${id} is at ${tier} already, and ${named} would be taken to ${tier} before another operator has approved it: close the incident first, and send it again`
    : undefined;
};
