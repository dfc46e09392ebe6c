import type { Goal } from '../model/decision.ts';
import { type StepId, TIERS, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { Subject } from '../model/subject.ts';
import { tierFor } from './grant.ts';
import { ISOLATE_HOST_REACH, PLAYBOOKS, type RowItem } from './playbooks.ts';
import { suspectsOf } from './suspects.ts';

export type Situation = { networkPolicy: boolean };

/** The row of a playbook that a tier follows for this incident. */
export const rowOf = (
  tier: Tier,
  { subjects }: Pick<Incident, 'subjects'>,
  situation: Situation,
): readonly RowItem[] => {
  const reach = subjects.some((s) => s.kind === 'pod' && s.hostReach) || !situation.networkPolicy;
  return tier === 'isolate' && reach ? ISOLATE_HOST_REACH : PLAYBOOKS[tier];
};

/** One tier of a goal: the UIDs of the subjects that it is for, and what is added to its playbook for them. */
export type Level = { tier: Tier; uids: ReadonlySet<string>; extras: Pick<Goal, 'options' | 'stopFirst'> };

/**
 * The tiers of a goal, lowest first. There is one for all subjects, unless grants differ or cover only some of them.
 * What an operator added to a playbook is not added for subjects at the policy's own tier. `tier` and `otherwise`: the
 * caps that hold now for grants and for the policy's own tier.
 */
export const levelsOf = (subjects: readonly Subject[], goal: Goal, tier: Tier, otherwise: Tier): Level[] => {
  const levels = new Map<string, { tier: Tier; uids: Set<string>; extras: Level['extras'] }>();
  for (const subject of subjects) {
    const { granted, ...to } = tierFor(goal, subject, tier, otherwise);
    const key = `${to.tier} ${granted}`;
    const extras = granted ? goal : (goal.otherwise ?? {});
    const level = levels.get(key) ?? { ...to, uids: new Set<string>(), extras };
    levels.set(key, level);
    level.uids.add(subject.uid);
  }
  const sorted = [...levels.values()].toSorted((a, b) => tierRank(a.tier) - tierRank(b.tier));
  return sorted.length > 0 ? sorted : [{ tier, uids: new Set(), extras: goal }];
};

const stepsUpTo = (tier: Tier): StepId[] =>
  TIERS.filter((one) => tierRank(one) <= tierRank(tier)).flatMap((one) => PLAYBOOKS[one].map(({ step }) => step));

/** Whether a step is in the playbook of a level that holds one of these UIDs, or in that of any lower tier. */
export const allowsStep = (levels: readonly Level[], step: StepId, uids: readonly string[]): boolean =>
  levels.some((level) => uids.some((uid) => level.uids.has(uid)) && stepsUpTo(level.tier).includes(step));

/**
 * All row items that the plan of a goal follows, level after level, and then those of isolate: a higher tier, which does
 * not cut a node off, goes on with a cut that is unfinished, and that waits for what it waited for.
 */
export const rowsOf = (
  incident: Incident,
  tier: Tier,
  goal: Goal,
  situation: Situation,
  otherwise: Tier,
): readonly RowItem[] =>
  [...levelsOf(suspectsOf(incident), goal, tier, otherwise).map((level) => level.tier), 'isolate' as const].flatMap(
    (to) => rowOf(to, incident, situation),
  );
