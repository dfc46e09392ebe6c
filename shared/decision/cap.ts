import { tierOf } from '../model/decision.ts';
import { higherTier, LADDER, type Tier, tierRank, withinLimit } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { HaltRecord } from '../model/records.ts';
import { dryRunText, type Policy, runsByItself } from './policy.ts';
import { placesOf, protectionOf } from './protection.ts';
import { suppressionOf } from './suppressions.ts';
import { haltedText } from './under-halt.ts';

/** The highest tier allowed now, whether it may change anything, and in sentences why it is less than was asked for. */
export type Cap = { tier: Tier; mode: 'act' | 'dry-run'; because: string[] };

/** The highest tier of the ladder, not above `bound`, that runs by itself. */
export const highestByItself = (policy: Policy, bound: Tier): Tier =>
  LADDER.reduce<Tier>(
    (best, tier) => (tierRank(tier) <= tierRank(bound) && runsByItself(policy, tier) ? higherTier(best, tier) : best),
    'observe',
  );

/**
 * The limit that nobody can lift: protection, and `observe` if there is no subject to act on (cluster and project
 * targets, and targets that are gone). `because` is set only if something is limited.
 */
export const limitOf = (policy: Policy, incident: Incident): { tier: Tier; because?: string } =>
  incident.subjects.length === 0
    ? { tier: 'observe', because: 'no pod, workload or node to act on is known: at most observe' }
    : protectionOf(policy, placesOf(incident));

/**
 * What the policy in force and a halt allow for an incident at `now` (ms; suppressions expire). contain acts on the
 * lower of this and the decision. Modes and suppressions do not cap a goal that an operator asked for; protection, the
 * top-level dry run and a halt do.
 */
export const capOf = (policy: Policy, incident: Incident, now: number, halt?: HaltRecord): Cap => {
  const { mode } = policy;
  const { goal } = incident;
  const dry = dryRunText(policy);
  const halted = haltedText(halt, goal);
  if (halted !== undefined) return { tier: 'observe', mode, because: [halted, ...dry] };
  const limit = limitOf(policy, incident);
  const limited = limit.because === undefined ? [] : [limit.because];
  const wanted = tierOf(goal) ?? 'delete-host';
  const unsuppressed = withinLimit(wanted, limit.tier);
  if (goal?.requested === true)
    return { tier: unsuppressed === wanted ? limit.tier : unsuppressed, mode, because: [...limited, ...dry] };
  const suppressed = suppressionOf(policy, incident, now);
  const bound = withinLimit(unsuppressed, suppressed.tier);
  if (suppressed.because !== undefined && bound !== unsuppressed) limited.push(suppressed.because);
  if (goal !== null && runsByItself(policy, bound)) return { tier: bound, mode, because: [...limited, ...dry] };
  const tier = highestByItself(policy, bound);
  const asks = tier === bound ? [] : [`${bound} needs approval: at most ${tier} runs without it`];
  return { tier, mode, because: [...limited, ...asks, ...dry] };
};

/** The incident as if its goal were only the policy's own (`otherwise`): gives the cap for subjects without a grant. */
export const ungranted = (incident: Incident): Incident => {
  const { goal } = incident;
  return goal?.otherwise === undefined
    ? incident
    : { ...incident, goal: { ...goal, tier: goal.otherwise.tier, requested: false } };
};
