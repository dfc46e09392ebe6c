import type { Goal } from '../../model/decision.ts';
import { TIERS, type Tier } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import { suspectsOf } from '../suspects.ts';

/** What is deleted one by one: where one is named, the others that its incident holds are not meant. */
const ONE_BY_ONE: readonly Tier[] = ['redeploy', 'delete-host'];

/** The UIDs that were named, where a tier is for these alone, whatever joins the incident before it is approved. */
export const namedFor = (only: readonly string[] | undefined, tier: Tier): string[] | undefined =>
  only === undefined || !ONE_BY_ONE.includes(tier) ? undefined : [...only];

/** The UIDs that a tier is for, where that is not all that the incident holds. `only`: those that were named. */
export const meantBy = (
  incident: Incident,
  { only }: { only?: readonly string[] | undefined },
  tier: Tier,
): string[] | undefined =>
  suspectsOf(incident).every(({ uid }) => only?.includes(uid)) ? undefined : namedFor(only, tier);

/** What runs on the policy's word, as it goes on beside what is granted to some of it alone. */
export const besideGrant = (goal: Goal | null): Goal['otherwise'] => {
  const tier = TIERS.find((one) => one === goal?.tier);
  if (goal === null || tier === undefined || goal.requested || goal.covers !== undefined) return undefined;
  const { stopFirst, options } = goal;
  return { tier, ...(stopFirst === undefined ? {} : { stopFirst }), ...(options === undefined ? {} : { options }) };
};
