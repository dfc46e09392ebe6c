import type { Ask, Decision } from '../model/decision.ts';
import { higherTier, lowerTier, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { timeOf } from '../model/time.ts';
import { addedText } from '../views/ask-text.ts';
import { highestByItself, limitOf } from './cap.ts';
import { assess } from './confidence.ts';
import { explain } from './explain.ts';
import { hashOf } from './hash.ts';
import { rowOf } from './levels.ts';
import { additionsOf, overridesOf } from './overrides.ts';
import { type Policy, runsByItself } from './policy.ts';
import { suppressionOf } from './suppressions.ts';
import { suspectsOf } from './suspects.ts';

/** The policy in force and its hash, which every decision carries. */
export type Rules = { policy: Policy; policyHash: string };

/** What an approval adds to the tier. */
export type Added = Pick<Ask, 'stopFirst' | 'options' | 'lifts'>;

/** Whether evidence would not be waited for: by this ask, or by what runs already. */
export const stopsFirst = ({ stopFirst }: Pick<Added, 'stopFirst'>, { goal }: Pick<Incident, 'goal'>): boolean =>
  stopFirst === true || goal?.stopFirst === true;

/**
 * What an approval is given to: tier, the target's UID, the subjects, that tier's row and what is added to it; progress is no
 * part of it. The row is the one of a cluster that enforces network policy, which decides an order and never what is done.
 */
export const planHashOf = (tier: Tier, incident: Incident, added: Added = {}): string =>
  hashOf({
    tier,
    uid: incident.target.uid ?? '',
    subjects: suspectsOf(incident)
      .map((s) => `${s.kind} ${s.uid}`)
      .sort(),
    row: rowOf(tier, incident, { networkPolicy: true }),
    // Nothing where nothing is added, so that such a plan is the one that it was before any of these was part of it.
    ...(stopsFirst(added, incident) ? { stopFirst: true } : {}),
    ...(Object.keys(added.options ?? {}).length === 0 ? {} : { options: added.options }),
    ...(added.lifts === true ? { lifts: true } : {}),
  });

type Choice = {
  /** What evidence and overrides ask for. */
  wanted: Tier;
  /** The matrix's own tier, and what overrides that may run by themselves raised it to. */
  alone: Tier;
  because: string[];
  /** What could not be answered. */
  notes: string[];
  /** How the evidence came to what it is worth. */
  explained: string[];
};

const choose = (policy: Policy, incident: Incident): Choice => {
  const assessed = assess(policy.matrix, incident.summary.maxima);
  const { severity, confidence, tier, because } = assessed;
  const { holding, problems } = overridesOf(policy, { ...incident, severity, confidence }, tier);
  const explained = explain(policy.matrix, incident.summary.maxima, assessed);
  const start: Choice = { wanted: tier, alone: tier, because, notes: problems, explained };
  return holding.reduce<Choice>((choice, { raise, limit, because: why }) => {
    const { wanted, alone } = choice;
    const next = raise !== undefined ? higherTier(wanted, raise) : lowerTier(wanted, limit ?? wanted);
    if (next === wanted) return choice;
    const raised = raise !== undefined && runsByItself(policy, raise) ? higherTier(alone, raise) : alone;
    return {
      wanted: next,
      alone: lowerTier(raised, next),
      because: [...choice.because, `${next}: ${why}`],
      notes: choice.notes,
      explained: choice.explained,
    };
  }, start);
};

/** What is seen now; what was sent again is worth an ask and no more. */
const liveOf = (incident: Incident): Incident => {
  const maxima = incident.summary.maxima.filter((m) => m.replayed !== true);
  return maxima.length === incident.summary.maxima.length
    ? incident
    : { ...incident, summary: { ...incident.summary, maxima } };
};

/**
 * Decides from evidence alone: matrix, overrides, suppressions, protection, modes. The highest tier that may run by itself runs now
 * and the rest is asked for; what an override asks for above the matrix's own tier does not run before it is approved.
 * In a cooldown nothing runs by itself, nor ever for what was replayed from dead letters. In a dry run nothing is asked, since an approval could not act.
 */
export const decideTier = ({ policy, policyHash }: Rules, incident: Incident, now: number): Decision => {
  const choice = choose(policy, incident);
  const limit = limitOf(policy, incident);
  const suppressed = suppressionOf(policy, incident, now);
  const unsuppressed = lowerTier(choice.wanted, limit.tier);
  const wanted = lowerTier(unsuppressed, suppressed.tier);
  const cooling = incident.cooldownUntil !== undefined && timeOf(now) < incident.cooldownUntil;
  const live = liveOf(incident);
  const alone = live === incident ? choice.alone : choose(policy, live).alone;
  const allowed = lowerTier(alone, wanted);
  const byItself =
    wanted === allowed && runsByItself(policy, wanted)
      ? wanted
      : runsByItself(policy, allowed)
        ? allowed
        : highestByItself(policy, allowed);
  const tier = cooling ? 'observe' : byItself;
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
      ...(cooling
        ? [
            `this target was released a short while ago: until ${incident.cooldownUntil} findings only ask, and nothing is done by itself`,
          ]
        : []),
      ...(live !== incident && alone !== choice.alone
        ? ['findings replayed from dead letters only ask: nothing is done by itself because of them']
        : []),
      ...(asks
        ? [
            `${wanted}${addedText(added)} needs an approval first${tier === 'observe' ? '' : `; ${tier} is carried out meanwhile`}`,
          ]
        : []),
      ...choice.explained,
      ...(dry ? ["the policy's mode is dry-run: nothing is changed"] : []),
    ],
    policyHash,
    at: timeOf(now),
  };
};
