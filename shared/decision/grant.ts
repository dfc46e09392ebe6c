import { type Goal, tierOf } from '../model/decision.ts';
import { higherTier, lowerTier, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { Subject } from '../model/subject.ts';
import { plain } from '../text.ts';
import { isOnlyReplayed, suspectsOf } from './suspects.ts';

/** The tiers that operators granted, subject by subject. A grant is only for subjects that were there at the time. */
export type Covers = NonNullable<Goal['covers']>;

/** The tier that was granted for a subject; undefined if none was. */
export const grantFor = (covers: Covers, { uid }: Pick<Subject, 'uid'>): Tier | undefined =>
  covers.find((grant) => grant.uid === uid)?.tier;

/** The grants, with this tier added for these subjects. A grant that already allows more is kept as it is. */
export const grantedTo = (covers: Covers, subjects: readonly Subject[], tier: Tier): Covers => {
  const uids = new Set(subjects.map(({ uid }) => uid));
  return [
    ...covers.filter(({ uid }) => !uids.has(uid)),
    ...[...uids].map((uid) => ({ uid, tier: higherTier(grantFor(covers, { uid }) ?? tier, tier) })),
  ];
};

/**
 * The grants of an incident's goal; undefined if no operator set the goal, since it then applies to every subject of
 * the incident. A requested goal that was stored without grants counts as granted for the subjects that the incident
 * holds now.
 */
export const coversOf = (incident: Pick<Incident, 'goal' | 'subjects'> | null): Covers | undefined => {
  const goal = incident?.goal ?? null;
  const tier = tierOf(goal);
  if (incident === null || goal === null || goal.covers !== undefined) return goal?.covers;
  return goal.requested && tier !== undefined ? grantedTo([], suspectsOf(incident), tier) : undefined;
};

/** The goal of an incident, unchanged but with its grants written out, so that it does not cover subjects that join. */
export const withCovers = (incident: Incident): Goal | null => {
  const covers = coversOf(incident);
  return incident.goal === null || covers === undefined ? incident.goal : { ...incident.goal, covers };
};

/**
 * The grants of an incident after more subjects have joined. While pods of a named workload are awaited, each new pod
 * gets the workload's grant, whether the tick or a finding brought it. A pod made after the time of waiting is not
 * covered, even if the tick that ends the wait is late, and no other subject that joins is covered either.
 */
export const coversWith = (before: Incident, merged: Incident): Covers | undefined => {
  const covers = coversOf(before);
  const { podsUntil } = before;
  if (covers === undefined || podsUntil === undefined) return covers;
  const known = new Set(before.subjects.map(({ uid }) => uid));
  return merged.subjects.reduce((all, one) => {
    const isAwaited = one.kind === 'pod' && !known.has(one.uid) && one.createdAt <= podsUntil;
    const made = isAwaited ? one.owners.flatMap((o) => grantFor(covers, o) ?? []) : [];
    return made.reduce((more, tier) => grantedTo(more, [one], tier), all);
  }, covers);
};

/** The subjects that nothing was granted for. */
export const uncoveredIn = (covers: Covers | undefined, incident: Incident): Subject[] =>
  covers === undefined ? [] : suspectsOf(incident).filter((one) => grantFor(covers, one) === undefined);

/** The lowest tier granted over all subjects of an incident; undefined if a subject is not covered at all. */
export const leastGranted = (covers: Covers, incident: Incident): Tier | undefined =>
  suspectsOf(incident).reduce<Tier | undefined>((least, one) => {
    const tier = grantFor(covers, one);
    return least === undefined || tier === undefined ? undefined : lowerTier(least, tier);
  }, 'delete-host');

/** The subjects, where those that an operator granted a tier for are no longer only about replayed findings. */
export const vouchedFor = (subjects: Subject[], covers: Covers): Subject[] =>
  subjects.map((one) => {
    if (one.kind === 'node' || !isOnlyReplayed(one) || grantFor(covers, one) === undefined) return one;
    const { replayed: _, ...live } = one;
    return live;
  });

/** The subjects that the policy's own goal is not for, because only replayed findings are about them. */
export const asideOf = ({ goal, subjects }: Pick<Incident, 'goal' | 'subjects'>): Subject[] =>
  subjects.filter((one) => isOnlyReplayed(one) && grantFor(goal?.covers ?? [], one) === undefined);

/**
 * The tier for one subject: the higher of its grant and the policy's own tier, each cut to what may be done now (`tier`
 * and `otherwise`). A goal without grants gives `tier`. `granted`: false if the policy's own tier was the higher one.
 * The policy does nothing to a subject that only replayed findings are about.
 */
export const tierFor = (
  goal: Goal,
  subject: Subject,
  tier: Tier,
  otherwise: Tier,
): { tier: Tier; granted: boolean } => {
  if (goal.covers === undefined && !isOnlyReplayed(subject)) return { tier, granted: true };
  const decided = isOnlyReplayed(subject) ? 'observe' : lowerTier(goal.otherwise?.tier ?? 'observe', otherwise);
  const grant = grantFor(goal.covers ?? [], subject);
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

/** The names of subjects, in words. */
export const namesOf = (subjects: readonly Subject[]): string => {
  const more = subjects.length > NAMED ? ` and ${subjects.length - NAMED} more` : '';
  return `${subjects.slice(0, NAMED).map(nameOf).join(', ')}${more}`;
};

/** The sentence that names subjects which joined later without a grant, and the tier that the policy chose for them. */
export const uncoveredText = (granted: Tier, uncovered: readonly Subject[], otherwise: Tier): string =>
  `${MARK} (${granted}): ${namesOf(uncovered)} joined later, so the policy decides for them: ${otherwise}`;

const isMarked = (line: string): boolean => line.startsWith(MARK) || line.startsWith(BEYOND);

/** The sentence before the reasons why evidence asks for more than an operator has requested. */
export const beyondText = (granted: Tier, asked: Tier): string =>
  `${BEYOND} (${granted}): what was seen asks for ${asked}, because`;

/** The reasons of the grant: a decision's sentences before those about uncovered subjects and further asks. */
export const grantedBecause = (because: readonly string[]): string[] => {
  const from = because.findIndex(isMarked);
  return from < 0 ? [...because] : because.slice(0, from);
};

/** The sentences of an earlier decision, by grant or not, that say why evidence asks for more than is now granted. */
export const beyondBecause = (granted: Tier, asked: Tier, because: readonly string[]): string[] => {
  const reasons = because.slice(because.findIndex(isMarked) + 1);
  return reasons.length === 0 ? [] : [beyondText(granted, asked), ...reasons];
};
