import { type Goal, type PlanOptions, tierOf } from '../../model/decision.ts';
import { higherTier, type Tier, tierRank, withinLimit } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import type { Time } from '../../model/time.ts';
import { limitOf } from '../cap.ts';
import type { Rules } from '../decide-tier.ts';
import { coversOf, leastGranted } from '../grant.ts';
import { dryRunText } from '../policy.ts';
import { runningOf } from './begun.ts';
import { forWhomText } from './meant.ts';

/** A tier that an operator wants: who, why, when, and what is to be added to its playbook. */
export type Wish = {
  tier: Tier;
  by: string;
  because: string;
  at: Time;
  stopFirst?: boolean | undefined;
  options: PlanOptions;
  /** The UIDs that were named; undefined if an incident or a workload was named. */
  only?: readonly string[] | undefined;
  /** The wish lifts the budget for what was granted before, and grants nothing more. */
  liftsOnly?: boolean;
  /** The wish is the approval of what was asked for. */
  approves?: boolean;
};

/**
 * What is granted of a wish: never above protection, never below what runs already. `tier`: of the goal. `begun`: what
 * this wish itself begins; lower than `tier` if the wish adds subjects to a higher goal. `adds`: whether some subject
 * gets a higher tier than was granted for it before. `running`: the goal that it adds to. `notes`: why the result differs
 * from the wish.
 */
export type Granted = { tier: Tier; begun: Tier; adds: boolean; running: Goal | null; notes: string[] };

/** The incident with its running goal only (see `runningOf`). */
export const runningIn = (rules: Rules, before: Incident | null): Incident | null =>
  before === null ? null : { ...before, goal: runningOf(rules.policy, before) };

/** What is granted of a wish. `before`: the incident without the subjects of the wish; null if the wish opens it. */
export const grantedOf = (
  rules: Rules,
  before: Incident | null,
  incident: Incident,
  { tier: wish, only }: Pick<Wish, 'tier' | 'only'>,
): Granted => {
  const limit = limitOf(rules.policy, incident);
  const capped = withinLimit(wish, limit.tier);
  const running = runningOf(rules.policy, incident);
  const known = tierOf(running);
  const tier = known === undefined ? capped : higherTier(known, capped);
  const covers = coversOf(runningIn(rules, before));
  const least = covers === undefined ? known : leastGranted(covers, incident);
  const adds = least === undefined || tierRank(capped) > tierRank(least);
  const kept = adds
    ? `${tier} continues for the subjects that it was granted for`
    : `the goal is already ${tier} and is not lowered: release the incident first to do less`;
  const whom = adds ? forWhomText(incident, covers, { only }, capped) : undefined;
  return {
    tier,
    begun: adds ? capped : tier,
    adds,
    running,
    notes: [
      ...(capped !== wish && limit.because !== undefined ? [limit.because] : []),
      ...(tier !== capped ? [kept] : []),
      ...(whom === undefined ? [] : [whom]),
      ...dryRunText(rules.policy),
    ],
  };
};
