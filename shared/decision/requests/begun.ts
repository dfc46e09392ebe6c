import { isDeepStrictEqual } from 'node:util';
import { type Goal, tierOf } from '../../model/decision.ts';
import { type Tier, tierRank } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import { coversOf } from '../grant.ts';
import type { Policy } from '../policy.ts';
import { coverOf } from '../step-subjects.ts';

/**
 * The running goal of an incident, to which an operator's request may add. null for the goal of an earlier dry run when
 * the policy acts by now: a request must not carry that out as well.
 */
export const runningOf = ({ mode }: Pick<Policy, 'mode'>, { goal }: Pick<Incident, 'goal'>): Goal | null =>
  goal?.mode === 'dry-run' && mode === 'act' ? null : goal;

const deedsOf = ({ tier, mode, requested, stopFirst, options, accessAt }: Goal): unknown => ({
  tier,
  mode,
  requested,
  stopFirst: stopFirst === true,
  options: options ?? {},
  accessAt,
});

/** Whether the request brings subjects that a plan did not cover before. */
export const brings = (before: Incident, next: Incident): boolean => coverOf(before) !== coverOf(next);

/**
 * The tier that a request begins, which decides the proof that its sender needs. It is `granted` if the request only
 * adds to the grants, where each subject has a tier of its own. Otherwise it is the tier of the goal that the request
 * leads to, even if the request named a lower one, since what it adds applies to that goal. undefined if nothing more
 * is done than without the request.
 */
export const begunBy = (before: Incident | null, next: Incident, granted: Tier): Tier | undefined => {
  const known = before?.goal ?? null;
  const tier = tierOf(next.goal);
  if (before === null || known === null || next.goal === null) return tier;
  if (!isDeepStrictEqual(deedsOf(known), deedsOf(next.goal))) return tier;
  if (!isDeepStrictEqual(coversOf(before), next.goal.covers)) return granted;
  return next.goal.covers === undefined && brings(before, next) ? tier : undefined;
};

/**
 * Why a request cannot join an incident whose goal is for all its subjects: its subjects would get a higher tier than
 * was asked for, or get it before another operator has approved that. undefined if it can.
 */
export const mixedUp = (
  running: Goal | null,
  { id, asked, named, waits }: { id: string; asked: Tier; named: string; waits: boolean },
): string | undefined => {
  const tier = tierOf(running);
  if (tier === undefined) return undefined;
  if (tierRank(tier) > tierRank(asked))
    return `incident ${id} is already at ${tier}, and ${named} would get the same tier: send contain ${tier} if that is meant, or close the incident first to do less`;
  return waits
    ? `incident ${id} is already at ${tier}, and ${named} would get that tier before another operator has approved it: close the incident first, then send this request again`
    : undefined;
};
