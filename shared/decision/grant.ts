import type { Goal } from '../model/decision.ts';
import { higherTier, lowerTier, TIERS, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { Subject } from '../model/subject.ts';
import { plain } from '../text.ts';
import { suspectsOf } from './suspects.ts';

/** What operators granted, subject by subject: a tier that is for what was there when it was granted. */
export type Covers = NonNullable<Goal['covers']>;

/** What was granted for a subject; undefined where nothing was. */
export const grantFor = (covers: Covers, { uid }: Pick<Subject, 'uid'>): Tier | undefined =>
  covers.find((grant) => grant.uid === uid)?.tier;

/** The grants with this tier for these subjects as well; none is lowered. */
export const grantedTo = (covers: Covers, subjects: readonly Subject[], tier: Tier): Covers => {
  const uids = new Set(subjects.map(({ uid }) => uid));
  return [
    ...covers.filter(({ uid }) => !uids.has(uid)),
    ...[...uids].map((uid) => ({ uid, tier: higherTier(grantFor(covers, { uid }) ?? tier, tier) })),
  ];
};

/**
 * What the goal of an incident was granted for; undefined where no operator set it, and it is for whatever the incident
 * holds. One that was stored without it was granted for what the incident holds now.
 */
export const coversOf = (incident: Pick<Incident, 'goal' | 'subjects'> | null): Covers | undefined => {
  const goal = incident?.goal ?? null;
  const tier = TIERS.find((known) => known === goal?.tier);
  if (incident === null || goal === null || goal.covers !== undefined) return goal?.covers;
  return goal.requested && tier !== undefined ? grantedTo([], suspectsOf(incident), tier) : undefined;
};

/** The goal of an incident as it is, with what it was granted for, so that it covers nothing that joins. */
export const withCovers = (incident: Incident): Goal | null => {
  const covers = coversOf(incident);
  return incident.goal === null || covers === undefined ? incident.goal : { ...incident.goal, covers };
};

/**
 * The grants of an incident once more subjects have joined. The pods that a named workload makes while they are awaited
 * belong to it, however they come; nothing else that joins is covered.
 */
export const coversWith = (before: Incident, merged: Incident): Covers | undefined => {
  const covers = coversOf(before);
  if (covers === undefined || before.podsUntil === undefined) return covers;
  const known = new Set(before.subjects.map(({ uid }) => uid));
  return merged.subjects.reduce((all, one) => {
    const made = one.kind === 'pod' && !known.has(one.uid) ? one.owners.flatMap((o) => grantFor(covers, o) ?? []) : [];
    return made.reduce((more, tier) => grantedTo(more, [one], tier), all);
  }, covers);
};

/** The subjects that nothing was granted for. */
export const uncoveredIn = (covers: Covers | undefined, incident: Incident): Subject[] =>
  covers === undefined ? [] : suspectsOf(incident).filter((one) => grantFor(covers, one) === undefined);

/** The tier that is granted for everything that an incident holds; undefined where something is not covered at all. */
export const leastGranted = (covers: Covers, incident: Incident): Tier | undefined =>
  suspectsOf(incident).reduce<Tier | undefined>((least, one) => {
    const tier = grantFor(covers, one);
    return least === undefined || tier === undefined ? undefined : lowerTier(least, tier);
  }, 'delete-host');

/** The most that operators and policy let happen to one subject: `tier` and `otherwise` as far as they may go now. */
export const tierFor = (
  goal: Goal,
  subject: Subject,
  tier: Tier,
  otherwise: Tier,
): { tier: Tier; granted: boolean } => {
  if (goal.covers === undefined) return { tier, granted: true };
  const decided = lowerTier(goal.otherwise?.tier ?? 'observe', otherwise);
  const grant = grantFor(goal.covers, subject);
  const allowed = grant === undefined ? undefined : lowerTier(grant, tier);
  return allowed === undefined || tierRank(allowed) < tierRank(decided)
    ? { tier: decided, granted: false }
    : { tier: allowed, granted: true };
};

const NAMED = 5;
const MARK = 'not covered by what was granted';
const BEYOND = 'beyond what was requested';

const nameOf = (subject: Subject): string => {
  if (subject.kind === 'pod') return `pod ${plain(subject.namespace)}/${plain(subject.name)}`;
  if (subject.kind === 'node') return `node ${plain(subject.host.node)}`;
  return `${plain(subject.owner.kind)} ${plain(subject.namespace)}/${plain(subject.owner.name)}`;
};

/** What is said where a grant does not cover what has joined, and what the policy makes of that. */
export const uncoveredText = (granted: Tier, uncovered: readonly Subject[], otherwise: Tier): string => {
  const more = uncovered.length > NAMED ? ` and ${uncovered.length - NAMED} more` : '';
  const names = uncovered.slice(0, NAMED).map(nameOf).join(', ');
  return `${MARK} (${granted}): ${names}${more} joined later, so that the policy decides: ${otherwise}`;
};

const isMarked = (line: string): boolean => line.startsWith(MARK) || line.startsWith(BEYOND);

/** What is said before the reasons why evidence asks for more than an operator has requested. */
export const beyondText = (granted: Tier, asked: Tier): string =>
  `${BEYOND} (${granted}): what was seen asks for ${asked}, because`;

/** Why the grant itself was made: what a decision says before it comes to what is not covered, or what more is asked for. */
export const grantedBecause = (because: readonly string[]): string[] => {
  const from = because.findIndex(isMarked);
  return from < 0 ? [...because] : because.slice(0, from);
};

/** Why evidence asks for more than is granted with these words, as a decision says it that was not a grant, or was one. */
export const beyondBecause = (granted: Tier, asked: Tier, because: readonly string[]): string[] => {
  const reasons = because.slice(because.findIndex(isMarked) + 1);
  return reasons.length === 0 ? [] : [beyondText(granted, asked), ...reasons];
};
