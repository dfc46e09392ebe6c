import type { Ask, Decision } from '../model/decision.ts';
import { TIERS, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { timeOf } from '../model/time.ts';
import { askText } from '../views/ask-text.ts';
import { targetText } from '../views/target.ts';
import { planHashOf, stopsFirst } from './decide-tier.ts';
import type { Policy } from './policy.ts';
import { replacedBy } from './replaced.ts';
import { isBudgetUnasked, withNotice } from './state.ts';

/** An ask whose approval lifts the budgets as well: that is another plan. */
const lifting = (asked: Omit<Ask, 'plan' | 'lifts'>, incident: Incident): Ask => {
  const plan = planHashOf(asked.tier, incident, { ...asked, lifts: true });
  return { ...asked, plan, lifts: true };
};

/**
 * The incident with what its budget holds back asked for: an ask of its own, or added to the one that is open. Asked once
 * for each time that it was held back; `minutes` of the policy say how long the ask stands.
 */
export const withBudgetAsk = (incident: Incident, { minutes }: Pick<Policy, 'minutes'>, now: number): Incident => {
  const { held, decision } = incident;
  const tier = TIERS.find((known) => known === incident.goal?.tier);
  if (!isBudgetUnasked(incident) || held === undefined || decision === null || tier === undefined) return incident;
  const open = decision.asked;
  const until = timeOf(now + minutes.ask * 60_000);
  // An ask of an operator's for what runs adds to that: it is not lost, and both are approved together.
  const least = open?.by === undefined ? tierRank(tier) + 1 : tierRank(tier);
  const isKept = open !== undefined && tierRank(open.tier) >= least;
  const more = isKept ? open : { tier, ...(stopsFirst({}, incident) ? { stopFirst: true } : {}) };
  const asked = lifting({ ...more, until }, incident);
  const because = `${held.because}: approving ${asked.tier} lifts the budgets for this incident, but neither protection nor halt`;
  const title = askText(asked, targetText(incident.target));
  return withNotice(
    { ...incident, decision: { ...decision, asked, because: [...decision.because, because] } },
    { kind: 'ask', title, lines: [because], ask: { tier: asked.tier, plan: asked.plan, until } },
    timeOf(now),
  );
};

/** An ask in the place of the one that is open, which is to be noted where somebody waits for it. */
const instead = (asked: Ask, open: Ask, before: Incident): Ask => {
  const replaces = open.by === undefined ? open.replaces : replacedBy(open, before);
  return replaces === undefined ? asked : { ...asked, replaces };
};

/**
 * A new decision with the open ask that evidence did not make: a budget to be lifted, or what one operator wants and
 * another must approve. A higher ask of the evidence takes its place; a goal that rises above it is held back anew.
 */
export const withOpenAsk = (decided: Decision, before: Incident, merged: Incident, now: number): Decision => {
  const open = before.decision?.asked;
  if (open === undefined || open.until <= timeOf(now) || (open.lifts !== true && open.by === undefined)) return decided;
  if (tierRank(decided.tier) > tierRank(open.tier)) return decided;
  const lifts = open.lifts === true && before.held?.budget === true;
  if (decided.asked !== undefined && tierRank(decided.asked.tier) > tierRank(open.tier))
    return { ...decided, asked: instead(lifts ? lifting(decided.asked, merged) : decided.asked, open, before) };
  if (!lifts && open.by === undefined) return decided;
  return { ...decided, asked: { ...open, plan: planHashOf(open.tier, merged, open) } };
};
