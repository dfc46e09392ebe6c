import type { Decision, Goal } from '../../model/decision.ts';
import { lowerTier, type Tier, tierRank } from '../../model/ids.ts';
import type { Incident } from '../../model/incident.ts';
import type { Notice } from '../../model/notice.ts';
import { msOf, type Time, timeOf } from '../../model/time.ts';
import { addedText, askText } from '../../views/ask-text.ts';
import { targetText } from '../../views/target.ts';
import { withAskTold } from '../ask-notice.ts';
import { planHashOf, type Rules, stopsFirst } from '../decide-tier.ts';
import { withEvidenceAsk } from '../evidence-ask.ts';
import { extrasOf } from '../goal.ts';
import { beyondBecause, type Covers, coversOf, grantedTo, leastGranted, vouchedFor, withCovers } from '../grant.ts';
import { reasonsWith } from '../reasons.ts';
import { askedText, replacedBy, withReplaced, withReplacedNoted } from '../replaced.ts';
import { withNotice } from '../state.ts';
import { suspectsOf } from '../suspects.ts';
import { type Granted, grantedOf, runningIn, type Wish } from './granted-of.ts';
import { besideGrant, meantBy, namedFor } from './meant.ts';

/** The open ask, if it is above a tier. More subjects, or `stopFirst`, make it another plan, so its hash is new. */
const askedWith = (incident: Incident, tier: Tier, stopFirst: boolean): NonNullable<Decision['asked']> | undefined => {
  const asked = incident.decision?.asked;
  if (asked === undefined || tierRank(asked.tier) <= tierRank(tier)) return undefined;
  const now = stopFirst ? { ...asked, stopFirst } : asked;
  return { ...now, plan: planHashOf(asked.tier, incident, now) };
};

const kindOf = (before: Incident | null, tier: Tier): Notice['kind'] =>
  before === null ? 'opened' : tierRank(tier) > tierRank(before.decision?.tier ?? 'observe') ? 'raised' : 'info';

/**
 * Opens an ask for a tier that one operator wants and that, by the policy, another one must approve. Nothing begins
 * yet. An ask that was open before is replaced, and that is noted; if it was to lift a budget, the new one lifts the
 * budget too.
 */
export const askAnother = (rules: Rules, before: Incident | null, asking: Incident, wish: Wish): Incident => {
  const incident = withReplacedNoted(asking, wish.at);
  const { begun: tier, notes } = grantedOf(rules, before, incident, wish);
  const only = namedFor(wish.only, tier);
  const { stopFirst, options, by, at } = wish;
  const added = {
    ...extrasOf(options, stopsFirst({ stopFirst }, incident)),
    ...(incident.decision?.asked?.lifts === true ? { lifts: true as const } : {}),
    ...(only === undefined ? {} : { only }),
  };
  const plan = planHashOf(tier, incident, added);
  const until = timeOf(msOf(at) + rules.policy.minutes.ask * 60_000);
  const because = [
    wish.because,
    ...notes,
    `${tier}${addedText(added)} needs the approval of an operator other than ${by}`,
  ];
  const blank: Decision = { verdict: 'ask', tier: 'observe', because: [], policyHash: rules.policyHash, at };
  const asked = { tier, plan, until, by, because, ...added };
  const decision = incident.decision ?? blank;
  const next = {
    ...incident,
    decision: { ...decision, asked, because: reasonsWith(decision.because, because) },
    // Nothing is granted yet for the subjects that the wish adds to the incident.
    goal: before === null ? incident.goal : withCovers(before),
  };
  const open = incident.decision?.asked;
  const isSame = open === undefined || (open.tier === tier && (open.by === undefined || open.by === by));
  const instead = `was replaced by ${askedText({ tier, by })}`;
  const alone = isSame ? next : withReplaced(next, replacedBy(open, incident), instead, at);
  const title = `${askText({ tier, ...added }, targetText(incident.target))} ${by} asks for it`;
  const opened = before === null ? withNotice(alone, { kind: 'opened', title, lines: because }, at) : alone;
  return withAskTold(opened, asked, title, because, at);
};

/** Who wants a tier, or approves it. */
const wishText = ({ by, approves }: Wish, begun: Tier): string =>
  `${by} ${approves === true ? 'approves' : 'asks for'} ${begun}`;

/** The grants after a wish: the earlier ones, and its tier for every subject that the incident holds now. */
const coversAfter = (before: Incident | null, incident: Incident, wish: Wish, { begun, adds }: Granted): Covers => {
  const covers = coversOf(before);
  const meant = meantBy(incident, wish, begun);
  const named = suspectsOf(incident).filter(({ uid }) => meant?.includes(uid) !== false);
  return covers !== undefined && (!adds || wish.liftsOnly === true) ? covers : grantedTo(covers ?? [], named, begun);
};

/**
 * Tells people that the plan of the ask that stays open has changed. Where the ask was to lift a budget, that of the
 * evidence had to wait for it, and is opened again.
 */
const withAskAfter = (rules: Rules, before: Incident | null, after: Incident, at: Time): Incident => {
  const open = before?.decision?.asked;
  const asked = after.decision?.asked;
  if (asked === undefined) return open?.lifts === true ? withEvidenceAsk(rules, after, msOf(at)) : after;
  if (asked.plan === open?.plan) return after;
  return withAskTold(after, asked, `${askText(asked)} The plan has changed`, [], at);
};

/** The goal that a wish leads to, with what the running goal has already. */
const wishedGoal = (rules: Rules, before: Incident | null, incident: Incident, wish: Wish, grant: Granted): Goal => {
  const { tier, begun, running } = grant;
  // If the policy's own goal is higher than the wish, it remains the policy's.
  const requested = running?.requested === true || tier === lowerTier(wish.tier, tier);
  const covers = requested ? coversAfter(runningIn(rules, before), incident, wish, grant) : running?.covers;
  const isAll = meantBy(incident, wish, begun) === undefined;
  const otherwise = running?.otherwise ?? (isAll ? undefined : besideGrant(running));
  const accessAt = wish.options.investigate === true ? wish.at : running?.accessAt;
  return {
    rev: (incident.goal?.rev ?? 0) + 1,
    tier,
    by: wish.by,
    mode: rules.policy.mode,
    at: wish.at,
    requested,
    ...extrasOf({ ...running?.options, ...wish.options }, wish.stopFirst === true || running?.stopFirst === true),
    ...(accessAt === undefined ? {} : { accessAt }),
    ...(covers === undefined ? {} : { covers }),
    ...(otherwise === undefined ? {} : { otherwise }),
  };
};

/** The ask that stays open beside a goal: if the wish is for some subjects only, also one for the others. */
const askedBeside = (incident: Incident, wish: Wish, { tier, begun, running }: Granted, goal: Goal) => {
  const least = meantBy(incident, wish, begun) === undefined ? undefined : 'observe';
  const floor = goal.covers === undefined ? tier : (leastGranted(goal.covers, incident) ?? least);
  return floor === undefined ? undefined : askedWith({ ...incident, goal: running }, floor, goal.stopFirst === true);
};

/**
 * Sets a goal that an operator wants. The wish is its own approval, within protection and the top-level dry run: modes
 * do not cap it, decide does not lower it, and nothing that it covers is asked for again. It covers the subjects that
 * the incident holds now, and none that a finding adds later.
 */
export const setGoal = (rules: Rules, before: Incident | null, asking: Incident, wish: Wish): Incident => {
  const incident = withReplacedNoted(asking, wish.at);
  const grant = grantedOf(rules, before, incident, wish);
  const { tier, begun, notes } = grant;
  const { decision } = incident;
  const goal = wishedGoal(rules, before, incident, wish, grant);
  const asked = askedBeside(incident, wish, grant, goal);
  const because = [wish.because, ...notes];
  const next: Incident = {
    ...incident,
    ...(goal.covers === undefined ? {} : { subjects: vouchedFor(incident.subjects, goal.covers) }),
    decision: {
      verdict: rules.policy.mode,
      tier,
      ...(asked === undefined ? {} : { asked }),
      // An ask by evidence that stays open keeps its reasons. Those of an operator's ask were told in its notice.
      because:
        asked === undefined || asked.by !== undefined || asked.lifts === true
          ? because
          : [...because, ...beyondBecause(tier, asked.tier, decision?.because ?? [])],
      policyHash: rules.policyHash,
      at: wish.at,
    },
    goal,
  };
  const title = `${wishText(wish, begun)} on ${targetText(incident.target)}`;
  const open = decision?.asked;
  // The goal covers what evidence asked for. But an operator who asked waits for an answer, so that is noted.
  const isDropped = asked === undefined && open?.by !== undefined;
  const alone = isDropped
    ? withReplaced(next, replacedBy(open, incident), `was replaced by ${tier}, which ${wish.by} began`, wish.at)
    : next;
  const told = withNotice(alone, { kind: kindOf(before, tier), title, lines: because }, wish.at);
  return withAskAfter(rules, before, told, wish.at);
};
