import { isDeepStrictEqual } from 'node:util';
import { type Decision, type Goal, type PlanOptions, tierOf } from '../model/decision.ts';
import { higherTier, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { Subject } from '../model/subject.ts';
import { timeOf } from '../model/time.ts';
import type { Rules } from './decide-tier.ts';
import { asideOf, type Covers, leastGranted, tierFor } from './grant.ts';
import { additionsOf } from './overrides.ts';
import { PLAYBOOKS } from './playbooks.ts';
import { OPTIONAL_STEPS } from './policy-parts.ts';
import { runningOf } from './requests/begun.ts';
import { isOnlyReplayed, suspectsOf } from './suspects.ts';

/** What a goal is derived from: the incident as stored and with the news merged, the decision, and the grants. */
export type Deciding = {
  before: Incident;
  merged: Incident;
  /** The decision of the incident. */
  decision: Decision;
  /** The tier that the policy alone decided, without any grant. */
  own: Tier;
  covers: Covers | undefined;
};

/**
 * Whether the evidence is in the workload's own spec, or in more than one of its pods (neither CPU use nor replayed
 * findings count).
 */
const asksToFreeze = (incident: Incident): boolean => {
  const aside = asideOf(incident).flatMap((one) => (one.kind === 'pod' ? [one.name] : []));
  const pods = incident.findings.flatMap(({ family, target }) => (family === 'cpu' ? [] : (target.pod ?? [])));
  return (
    incident.summary.maxima.some((m) => m.family === 'spec' && m.replayed !== true) ||
    new Set(pods.filter((pod) => !aside.includes(pod))).size > 1
  );
};

const freezes = (tier: Tier): boolean => PLAYBOOKS[tier].some(({ step }) => step === 'freeze-workload');

type Extras = Pick<Goal, 'options' | 'stopFirst'>;

/** The additions of a goal, those left out that add nothing. */
export const extrasOf = (options: PlanOptions, stopFirst: boolean): Extras => ({
  ...(stopFirst ? { stopFirst } : {}),
  ...(Object.keys(options).length === 0 ? {} : { options }),
});

/** The policy's own goal for subjects that have no grant, or a lower one. Its tier never falls either. */
const otherwiseOf = (goal: Goal, own: Tier, added: Extras): NonNullable<Goal['otherwise']> => {
  const known = goal.otherwise;
  const stopFirst = known?.stopFirst === true || added.stopFirst === true;
  return {
    tier: higherTier(known?.tier ?? 'observe', own),
    ...extrasOf({ ...known?.options, ...added.options }, stopFirst),
  };
};

/** Every subject that something is done to, with the tier for it. */
const doneTo = (incident: Incident, goal: Goal): Array<{ subject: Subject; tier: Tier }> =>
  suspectsOf(incident)
    .map((subject) => ({ subject, tier: tierFor(goal, subject, 'delete-host', 'delete-host').tier }))
    .filter(({ subject, tier }) => tier !== 'observe' || (goal.covers === undefined && !isOnlyReplayed(subject)));

/** The policy's own goal beside the grants, if it does more than observe. */
const besides = ({ otherwise }: Goal): Goal['otherwise'] => (otherwise?.tier === 'observe' ? undefined : otherwise);

const sameDeeds = (before: Incident, was: Goal, merged: Incident, next: Goal): boolean =>
  isDeepStrictEqual(besides(was), besides(next)) &&
  ((before.subjects === merged.subjects && was.covers === next.covers) ||
    isDeepStrictEqual(doneTo(before, was), doneTo(merged, next)));

/**
 * The goal of an incident that has learned something. Its `rev` rises when its tier rises, when a dry run becomes an
 * act, and when there is more to do at the same tier; a running tier is never lowered. For subjects that join, the
 * policy decides; an operator's grant applies only to the subjects that it covers.
 */
export const goalOf = ({ policy }: Rules, deciding: Deciding, now: number): Goal | null => {
  const { before, merged, decision, own, covers } = deciding;
  // A goal that was only tried in a dry run does not count once the policy acts, whoever set it.
  const goal = runningOf(policy, before);
  const held = tierOf(goal);
  const added = additionsOf(policy, merged);
  const least = covers === undefined ? held : leastGranted(covers, merged);
  const isBehind = held !== undefined && (least === undefined || tierRank(least) < tierRank(held));
  // Subjects that no grant covers must not get the whole workload frozen, unless the policy itself would go so far.
  const freeze = asksToFreeze(merged) && (!isBehind || freezes(own)) ? { freeze: true } : {};
  const options: PlanOptions = { ...goal?.options, ...freeze, ...added.options };
  const stopFirst = goal?.stopFirst === true || added.stopFirst;
  const extras = extrasOf(options, stopFirst);
  const at = timeOf(now);
  const rises = held === undefined || tierRank(decision.tier) > tierRank(held);
  const { mode } = policy;
  const begun = {
    rev: (before.goal?.rev ?? 0) + 1,
    tier: decision.tier,
    by: 'policy',
    mode,
    at,
    requested: false,
    ...extras,
  };
  if (rises && decision.tier !== 'observe') return begun;
  if (goal === null || held === undefined) return before.goal;
  const granted = {
    ...(covers === undefined ? {} : { covers }),
    ...(isBehind
      ? { otherwise: otherwiseOf(goal, own, extrasOf({ ...freeze, ...added.options }, added.stopFirst)) }
      : {}),
  };
  const next: Goal = { ...goal, ...granted };
  const was: Goal = goal.covers === undefined && covers !== undefined ? { ...goal, covers } : goal;
  const widens =
    !sameDeeds(before, was, merged, next) ||
    OPTIONAL_STEPS.some((option) => options[option] === true && goal.options?.[option] !== true) ||
    stopFirst !== (goal.stopFirst === true);
  return widens ? { ...next, rev: goal.rev + 1, at, ...extras } : isDeepStrictEqual(goal, next) ? goal : next;
};
