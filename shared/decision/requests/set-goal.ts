import type { Decision, PlanOptions } from '../../model/decision.ts';
import { higherTier, lowerTier, TIERS, type Tier, tierRank } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import type { Notice } from '../../model/notice.ts';
import { msOf, type Time, timeOf } from '../../model/time.ts';
import { addedText, askText } from '../../views/ask-text.ts';
import { targetText } from '../../views/target.ts';
import { limitOf } from '../cap.ts';
import { planHashOf, type Rules, stopsFirst } from '../decide-tier.ts';
import { beyondBecause, type Covers, coversOf, grantedTo, leastGranted, withCovers } from '../grant.ts';
import { replacedBy, withReplaced, withReplacedNoted } from '../replaced.ts';
import { withNotice } from '../state.ts';
import { suspectsOf } from '../suspects.ts';
import { runningOf } from './begun.ts';

/** A tier on an operator's word: who, why, when, and what is to be added to its playbook. */
export type Wish = {
  tier: Tier;
  by: string;
  because: string;
  at: Time;
  stopFirst?: boolean | undefined;
  options: PlanOptions;
  /** It lifts the budget for what was granted before, and grants nothing more. */
  liftsOnly?: boolean;
};

/**
 * What a wish comes to: never above protection, never below what runs already. `tier` is the goal's, `begun` what is done at
 * the word of this wish, lower where it adds subjects to a higher goal; `adds`: it goes further with some subject than was
 * granted for that. `notes` say why it is not as wished.
 */
export type Granted = { tier: Tier; begun: Tier; adds: boolean; notes: string[] };

/** An incident with what runs of it. */
const runningIn = (rules: Rules, before: Incident | null): Incident | null =>
  before === null ? null : { ...before, goal: runningOf(rules.policy, before) };

/** `before`: the incident without what the wish itself brings to it; null where the wish opens it. */
export const grantedOf = (rules: Rules, before: Incident | null, incident: Incident, wish: Tier): Granted => {
  const limit = limitOf(rules.policy, incident);
  const capped = lowerTier(wish, limit.tier);
  const goal = runningOf(rules.policy, incident);
  const running = TIERS.find((tier) => tier === goal?.tier);
  const tier = running === undefined ? capped : higherTier(running, capped);
  const covers = coversOf(runningIn(rules, before));
  const least = covers === undefined ? running : leastGranted(covers, incident);
  const adds = least === undefined || tierRank(capped) > tierRank(least);
  const kept = adds
    ? `${tier} goes on for what it was granted for`
    : `${tier} is the goal already and is not lowered: release it first to do less`;
  return {
    tier,
    begun: adds ? capped : tier,
    adds,
    notes: [
      ...(capped !== wish && limit.because !== undefined ? [limit.because] : []),
      ...(tier !== capped ? [kept] : []),
      ...(rules.policy.mode === 'dry-run' ? ["the policy's mode is dry-run: nothing is changed"] : []),
    ],
  };
};

/** What is still asked for above a tier; more subjects, or evidence that is not waited for, make it another plan. */
const askedWith = (incident: Incident, tier: Tier, stopFirst: boolean): NonNullable<Decision['asked']> | undefined => {
  const asked = incident.decision?.asked;
  if (asked === undefined || tierRank(asked.tier) <= tierRank(tier)) return undefined;
  const now = stopFirst ? { ...asked, stopFirst } : asked;
  return { ...now, plan: planHashOf(asked.tier, incident, now) };
};

const kindOf = (before: Incident | null, tier: Tier): Notice['kind'] =>
  before === null ? 'opened' : tierRank(tier) > tierRank(before.decision?.tier ?? 'observe') ? 'raised' : 'info';

/**
 * Asks for what an operator wants, where the policy says that another one must approve it. Nothing is begun by it. What was
 * asked until then is asked no more, and that is noted; a budget that it was to lift is lifted with this.
 */
export const askAnother = (rules: Rules, before: Incident | null, asking: Incident, wish: Wish): Incident => {
  const incident = withReplacedNoted(asking, wish.at);
  const { begun: tier, notes } = grantedOf(rules, before, incident, wish.tier);
  const { stopFirst, options, by, at } = wish;
  const added = {
    ...(stopFirst === true || stopsFirst({}, incident) ? { stopFirst: true } : {}),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(incident.decision?.asked?.lifts === true ? { lifts: true as const } : {}),
  };
  const plan = planHashOf(tier, incident, added);
  const until = timeOf(msOf(at) + rules.policy.minutes.ask * 60_000);
  const because = [
    wish.because,
    ...notes,
    `${tier}${addedText(added)} needs the approval of another operator than ${by}`,
  ];
  const blank: Decision = { verdict: 'ask', tier: 'observe', because: [], policyHash: rules.policyHash, at };
  const asked = { tier, plan, until, by, ...added };
  const decision = incident.decision ?? blank;
  const next = {
    ...incident,
    decision: { ...decision, asked, because: [...decision.because, ...because] },
    // What the wish brings to the incident is not granted yet.
    goal: before === null ? incident.goal : withCovers(before),
  };
  const open = incident.decision?.asked;
  const isSame = open === undefined || (open.tier === tier && (open.by === undefined || open.by === by));
  const instead = `${tier}, which ${by} asks for`;
  const alone = isSame ? next : withReplaced(next, replacedBy(open, incident), instead, at);
  const title = `${askText({ tier, ...added }, targetText(incident.target))} ${by} asks for it`;
  const opened = before === null ? withNotice(alone, { kind: 'opened', title, lines: because }, at) : alone;
  return withNotice(opened, { kind: 'ask', title, lines: because, ask: { tier, plan, until } }, at);
};

/** What is granted with a wish: what was, and its tier for all that the incident holds now. */
const coversAfter = (before: Incident | null, incident: Incident, wish: Wish, { begun, adds }: Granted): Covers => {
  const covers = coversOf(before);
  return covers !== undefined && (!adds || wish.liftsOnly === true)
    ? covers
    : grantedTo(covers ?? [], suspectsOf(incident), begun);
};

/**
 * Sets a goal on an operator's word. It is its own approval within protection and the top-level dry run: modes do not cap
 * it, decide does not lower it, and what it covers is asked for no more. It covers what the incident holds now, and nothing
 * that a finding adds.
 */
export const setGoal = (rules: Rules, before: Incident | null, asking: Incident, wish: Wish): Incident => {
  const incident = withReplacedNoted(asking, wish.at);
  const grant = grantedOf(rules, before, incident, wish.tier);
  const { tier, begun, notes } = grant;
  const { decision } = incident;
  const goal = runningOf(rules.policy, incident);
  const options = { ...goal?.options, ...wish.options };
  const stopFirst = wish.stopFirst === true || goal?.stopFirst === true;
  const because = [wish.because, ...notes];
  // What ran higher on the policy's word stays on that word.
  const requested = goal?.requested === true || tier === lowerTier(wish.tier, tier);
  const known = runningIn(rules, before);
  const covers = requested ? coversAfter(known, incident, wish, grant) : goal?.covers;
  const floor = covers === undefined ? tier : leastGranted(covers, incident);
  const asked = floor === undefined ? undefined : askedWith({ ...incident, goal }, floor, stopFirst);
  const next: Incident = {
    ...incident,
    decision: {
      verdict: rules.policy.mode,
      tier,
      ...(asked === undefined ? {} : { asked }),
      // An ask that stays keeps its reasons, unless it is an operator's, which the notice of it has told.
      because:
        asked === undefined || asked.by !== undefined || asked.lifts === true
          ? because
          : [...because, ...beyondBecause(tier, asked.tier, decision?.because ?? [])],
      policyHash: rules.policyHash,
      at: wish.at,
    },
    goal: {
      rev: (incident.goal?.rev ?? 0) + 1,
      tier,
      by: wish.by,
      mode: rules.policy.mode,
      at: wish.at,
      requested,
      ...(stopFirst ? { stopFirst } : {}),
      ...(Object.keys(options).length === 0 ? {} : { options }),
      ...(covers === undefined ? {} : { covers }),
      ...(goal?.otherwise === undefined ? {} : { otherwise: goal.otherwise }),
    },
  };
  const title = `${wish.by} asks for ${begun} on ${targetText(incident.target)}`;
  const open = decision?.asked;
  // What evidence asked for is covered by the goal; another operator waits for an answer.
  const isDropped = asked === undefined && open?.by !== undefined;
  const alone = isDropped ? withReplaced(next, replacedBy(open, incident), `${tier} by ${wish.by}`, wish.at) : next;
  const told = withNotice(alone, { kind: kindOf(before, tier), title, lines: because }, wish.at);
  return asked === undefined || asked.plan === decision?.asked?.plan
    ? told
    : withNotice(
        told,
        { kind: 'ask', title: `${askText(asked)} The plan has changed`, lines: [], ask: asked },
        wish.at,
      );
};
