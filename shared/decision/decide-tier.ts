import type { Ask, Decision } from '../model/decision.ts';
import { higherTier, LADDER, lowerTier, type Tier, tierRank, withinLimit } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { msOf, timeOf } from '../model/time.ts';
import { addedText } from '../views/ask-text.ts';
import { momentText } from '../views/time.ts';
import { assess } from './assess.ts';
import { highestByItself, limitOf } from './cap.ts';
import { explain } from './explain.ts';
import { hashOf } from './hash.ts';
import { rowOf } from './levels.ts';
import { additionsOf, overridesOf } from './overrides.ts';
import { dryRunText, type Policy, runsByItself } from './policy.ts';
import { meantBy } from './requests/meant.ts';
import { suppressionOf } from './suppressions.ts';
import { suspectsOf } from './suspects.ts';

/** The policy in force and its hash. Every decision carries the hash. */
export type Rules = { policy: Policy; policyHash: string };

/** What an approval grants in addition to the tier. */
export type Added = Pick<Ask, 'stopFirst' | 'options' | 'lifts' | 'only'>;

/** Whether the plan keeps no evidence, because of this ask or the goal that runs already. */
export const stopsFirst = ({ stopFirst }: Pick<Added, 'stopFirst'>, { goal }: Pick<Incident, 'goal'>): boolean =>
  stopFirst === true || goal?.stopFirst === true;

/**
 * Hash of the plan that an approval is for: the tier, the target's UID, the subjects, the tier's row and the additions.
 * Progress is not part of it. The row is that of a cluster that enforces network policy: enforcement changes only the
 * order of steps, never which steps are done.
 */
export const planHashOf = (tier: Tier, incident: Incident, added: Added = {}): string => {
  const only = meantBy(incident, added, tier);
  return hashOf({
    tier,
    uid: incident.target.uid ?? '',
    subjects: suspectsOf(incident)
      .map((s) => `${s.kind} ${s.uid}`)
      .sort(),
    row: rowOf(tier, incident, { networkPolicy: true }),
    // Left out if nothing is added, so that hashes from before these fields existed stay the same.
    ...(stopsFirst(added, incident) ? { stopFirst: true } : {}),
    ...(Object.keys(added.options ?? {}).length === 0 ? {} : { options: added.options }),
    ...(added.lifts === true ? { lifts: true } : {}),
    ...(only === undefined ? {} : { only: only.toSorted() }),
  });
};

type Choice = {
  /** The tier that evidence and overrides ask for. */
  wanted: Tier;
  /** The same without overrides that raise to tiers which the matrix never chooses. */
  onLadder: Tier;
  /** The tier of the matrix, raised only by overrides to tiers that run by themselves. */
  alone: Tier;
  because: string[];
  /** Conditions that could not be evaluated, in sentences. */
  notes: string[];
  /** How the evidence led to the tier, in sentences. */
  explained: string[];
};

/** What a limit leaves of what is wanted: of a raised tier, or else of the tier that was wanted without that. */
const leftOf = ({ wanted, onLadder }: Pick<Choice, 'wanted' | 'onLadder'>, limit: Tier): Tier =>
  higherTier(withinLimit(wanted, limit), withinLimit(onLadder, limit));

const choose = (policy: Policy, incident: Incident): Choice => {
  const assessed = assess(policy.matrix, incident.summary.maxima);
  const { severity, confidence, tier, because } = assessed;
  const { holding, problems } = overridesOf(policy, { ...incident, severity, confidence }, tier);
  const explained = explain(policy.matrix, incident.summary.maxima, assessed);
  const start: Choice = { wanted: tier, onLadder: tier, alone: tier, because, notes: problems, explained };
  return holding.reduce<Choice>((choice, { raise, limit, because: why }) => {
    const { wanted, onLadder, alone } = choice;
    const next = raise !== undefined ? higherTier(wanted, raise) : leftOf(choice, limit ?? wanted);
    // Where an earlier override asks for more, what this one lets run by itself still runs meanwhile.
    const raised = raise !== undefined && runsByItself(policy, raise) ? higherTier(alone, raise) : alone;
    const isOnLadder = LADDER.some((one) => one === raise);
    const isHeard = next !== wanted || raised !== alone;
    return {
      wanted: next,
      onLadder: raise !== undefined && isOnLadder ? higherTier(onLadder, raise) : lowerTier(onLadder, next),
      alone: lowerTier(raised, next),
      because: isHeard ? [...choice.because, `${raise ?? next}: ${why}`] : choice.because,
      notes: choice.notes,
      explained: choice.explained,
    };
  }, start);
};

/** The incident without evidence from replayed dead letters, which can lead to an ask at most. */
const liveOf = (incident: Incident): Incident => {
  const maxima = incident.summary.maxima.filter((m) => m.replayed !== true);
  return maxima.length === incident.summary.maxima.length
    ? incident
    : { ...incident, summary: { ...incident.summary, maxima } };
};

/**
 * Why findings lead at most to an ask because of an earlier release; undefined if they do not. However late they come,
 * findings about what happened before the release are about what a person has looked at.
 */
const coolingOf = ({ minutes }: Policy, { cooldownUntil, summary }: Incident, now: number): string | undefined => {
  if (cooldownUntil === undefined) return undefined;
  if (timeOf(now) < cooldownUntil)
    return `released recently: until ${momentText(cooldownUntil)} findings lead at most to an ask`;
  const releasedAt = timeOf(msOf(cooldownUntil) - minutes.cooldown * 60_000);
  return summary.lastAt !== undefined && summary.lastAt < releasedAt
    ? `all that was seen happened before the release of ${momentText(releasedAt)}: findings lead at most to an ask`
    : undefined;
};

/**
 * Decides from evidence alone: matrix, overrides, suppressions, protection, modes. The highest tier that may run by
 * itself runs now, and a higher one is asked for. An override that raises to a tier whose mode is `ask` makes nothing
 * more run before the approval. In a cooldown nothing runs by itself, and neither does anything because of replayed
 * dead letters. In a dry run nothing is asked, since an approval would have no effect.
 */
export const decideTier = ({ policy, policyHash }: Rules, incident: Incident, now: number): Decision => {
  const choice = choose(policy, incident);
  const limit = limitOf(policy, incident);
  const suppressed = suppressionOf(policy, incident, now);
  const unsuppressed = leftOf(choice, limit.tier);
  const wanted = leftOf(choice, lowerTier(limit.tier, suppressed.tier));
  const cooling = coolingOf(policy, incident, now);
  const live = liveOf(incident);
  const alone = live === incident ? choice.alone : choose(policy, live).alone;
  const allowed = lowerTier(alone, wanted);
  const byItself = runsByItself(policy, allowed) ? allowed : highestByItself(policy, allowed);
  const tier = cooling === undefined ? byItself : 'observe';
  const asks = tierRank(wanted) > tierRank(tier);
  const dry = policy.mode === 'dry-run';
  const until = timeOf(now + policy.minutes.ask * 60_000);
  const additions = additionsOf(policy, incident);
  const added: Added = stopsFirst(additions, incident) ? { stopFirst: true } : {};
  return {
    verdict: dry ? 'dry-run' : asks && tier === 'observe' ? 'ask' : 'act',
    tier,
    ...(asks && !dry ? { asked: { tier: wanted, plan: planHashOf(wanted, incident, added), until, ...added } } : {}),
    because: [
      ...choice.because,
      ...choice.notes,
      ...(limit.because !== undefined && unsuppressed !== choice.wanted ? [limit.because] : []),
      ...(suppressed.because !== undefined && wanted !== unsuppressed ? [suppressed.because] : []),
      ...suppressed.notes,
      ...additions.because,
      ...(cooling === undefined ? [] : [cooling]),
      ...(live !== incident && alone !== choice.alone
        ? ['findings replayed from dead letters lead at most to an ask']
        : []),
      ...(asks
        ? [`${wanted}${addedText(added)} needs approval${tier === 'observe' ? '' : `: ${tier} runs meanwhile`}`]
        : []),
      ...choice.explained,
      ...dryRunText(policy),
    ],
    policyHash,
    at: timeOf(now),
  };
};
