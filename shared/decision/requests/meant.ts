import { type Goal, tierOf } from '../../model/decision.ts';
import { type Tier, tierRank } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import { type Covers, grantFor, namesOf } from '../grant.ts';
import { suspectsOf } from '../suspects.ts';

/** Tiers that delete one by one: a request that names one subject does not mean the others of its incident. */
const ONE_BY_ONE: readonly Tier[] = ['redeploy', 'delete-host'];

/** The named UIDs, if a tier is for these alone, whatever joins the incident before the approval; else undefined. */
export const namedFor = (only: readonly string[] | undefined, tier: Tier): string[] | undefined =>
  only === undefined || !ONE_BY_ONE.includes(tier) ? undefined : [...only];

/** The UIDs that a tier is for; undefined if it is for all subjects of the incident. `only`: the named UIDs. */
export const meantBy = (
  incident: Incident,
  { only }: { only?: readonly string[] | undefined },
  tier: Tier,
): string[] | undefined =>
  suspectsOf(incident).every(({ uid }) => only?.includes(uid)) ? undefined : namedFor(only, tier);

/**
 * The sentence about what a tier is for beside, or in place of, what was named; undefined if it is for what was named.
 * `covers`: what was granted before, subject by subject.
 */
export const forWhomText = (
  incident: Incident,
  covers: Covers | undefined,
  { only }: { only?: readonly string[] | undefined },
  tier: Tier,
): string | undefined => {
  const meant = meantBy(incident, { only }, tier);
  if (meant !== undefined) return `for ${namesOf(incident.subjects.filter(({ uid }) => meant.includes(uid)))} alone`;
  const isRaised = (one: { uid: string }): boolean => {
    const grant = covers === undefined ? undefined : grantFor(covers, one);
    return grant === undefined || tierRank(grant) < tierRank(tier);
  };
  const others = suspectsOf(incident).filter((one) => only?.includes(one.uid) === false && isRaised(one));
  return others.length === 0 ? undefined : `also for ${namesOf(others)}, which the incident holds too`;
};

/** The policy's own goal, which goes on beside a grant for some subjects only; undefined if operators set the goal. */
export const besideGrant = (goal: Goal | null): Goal['otherwise'] => {
  const tier = tierOf(goal);
  if (goal === null || tier === undefined || goal.requested || goal.covers !== undefined) return undefined;
  const { stopFirst, options } = goal;
  return { tier, ...(stopFirst === undefined ? {} : { stopFirst }), ...(options === undefined ? {} : { options }) };
};
