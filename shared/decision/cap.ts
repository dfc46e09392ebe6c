import { higherTier, LADDER, lowerTier, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { HaltRecord } from '../model/records.ts';
import { type Policy, runsByItself } from './policy.ts';
import { placesOf, protectionOf } from './protection.ts';
import { suppressionOf } from './suppressions.ts';

/** The most that may be done now, whether it may change anything, and why it is less than asked, in sentences. */
export type Cap = { tier: Tier; mode: 'act' | 'dry-run'; because: string[] };

/** The highest tier of the ladder, not above `bound`, that may run without being asked for. */
export const highestByItself = (policy: Policy, bound: Tier): Tier =>
  LADDER.reduce<Tier>(
    (best, tier) => (tierRank(tier) <= tierRank(bound) && runsByItself(policy, tier) ? higherTier(best, tier) : best),
    'observe',
  );

/**
 * What no word of anyone lifts: protection, and `observe` where there is nothing that could be acted on, as for cluster
 * and project targets and for targets that are gone. `because` only where something is limited.
 */
export const limitOf = (policy: Policy, incident: Incident): { tier: Tier; because?: string } =>
  incident.subjects.length === 0
    ? { tier: 'observe', because: 'no pod, workload or node is known that something could be done to: at most observe' }
    : protectionOf(policy, placesOf(incident));

const haltOf = (incident: Incident, halt: HaltRecord | undefined): string | undefined => {
  if (halt?.halted !== true) return undefined;
  const exempt = incident.goal?.tier === 'released' && incident.goal.at > halt.at;
  return exempt ? undefined : `halted by ${halt.by}: ${halt.reason}`;
};

/**
 * What the policy in force, and a halt, allow for an incident at this moment: contain acts on the lower of this and the
 * decision. A goal that an operator asked for is not capped by modes or suppressions, only by protection, the top-level
 * dry run and halt. `now`: ms, since suppressions expire.
 */
export const capOf = (policy: Policy, incident: Incident, now: number, halt?: HaltRecord): Cap => {
  const { mode } = policy;
  const dry = mode === 'dry-run' ? ["the policy's mode is dry-run: nothing is changed"] : [];
  const halted = haltOf(incident, halt);
  if (halted !== undefined) return { tier: 'observe', mode, because: [halted, ...dry] };
  const { goal } = incident;
  const limit = limitOf(policy, incident);
  const limited = limit.because === undefined ? [] : [limit.because];
  if (goal?.requested === true) return { tier: limit.tier, mode, because: [...limited, ...dry] };
  const wanted = goal === null || goal.tier === 'released' || goal.tier === 'closed' ? 'delete-host' : goal.tier;
  const suppressed = suppressionOf(policy, incident, now);
  const unsuppressed = lowerTier(wanted, limit.tier);
  const bound = lowerTier(unsuppressed, suppressed.tier);
  if (suppressed.because !== undefined && bound !== unsuppressed) limited.push(suppressed.because);
  if (goal !== null && runsByItself(policy, bound)) return { tier: bound, mode, because: [...limited, ...dry] };
  const tier = highestByItself(policy, bound);
  const asks = tier === bound ? [] : [`${bound} needs an approval first: without one, at most ${tier} is carried out`];
  return { tier, mode, because: [...limited, ...asks, ...dry] };
};

/** An incident as the policy sees it beside what an operator granted: nothing lifts the cap of what joined later. */
export const ungranted = (incident: Incident): Incident => {
  const { goal } = incident;
  return goal?.otherwise === undefined
    ? incident
    : { ...incident, goal: { ...goal, tier: goal.otherwise.tier, requested: false } };
};
