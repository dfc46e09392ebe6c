import { type Ask, type Decision, tierOf } from '../model/decision.ts';
import { tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { timeOf } from '../model/time.ts';
import { askText } from '../views/ask-text.ts';
import { targetText } from '../views/target.ts';
import { withAskTold } from './ask-notice.ts';
import { planHashOf, stopsFirst } from './decide-tier.ts';
import type { Policy } from './policy.ts';
import { reasonsWith } from './reasons.ts';
import { replacedBy } from './replaced.ts';
import { heldBecause, heldByBudget, isBudgetUnasked } from './state.ts';

/** An ask whose approval also lifts the budgets. That makes it another plan, so the plan gets another hash. */
const lifting = (asked: Omit<Ask, 'plan' | 'lifts'>, incident: Incident): Ask => {
  const plan = planHashOf(asked.tier, incident, { ...asked, lifts: true });
  return { ...asked, plan, lifts: true };
};

/**
 * Asks people to lift the budget that holds an incident back, for the tier that it holds back. Where the evidence asks
 * for a higher one, that ask waits: `withEvidenceAsk` opens it again. An operator's open ask is kept, and lifts the
 * budget too. Asked once for each time that the budget held the incident back; `minutes.ask` of the policy is how long
 * the ask stands.
 */
export const withBudgetAsk = (incident: Incident, { minutes }: Pick<Policy, 'minutes'>, now: number): Incident => {
  const { held, decision } = incident;
  const tier = tierOf(incident.goal);
  if (!isBudgetUnasked(incident) || held === undefined || decision === null || tier === undefined) return incident;
  const open = decision.asked;
  const until = timeOf(now + minutes.ask * 60_000);
  const isKept = open?.by !== undefined && tierRank(open.tier) >= tierRank(tier);
  const more = isKept ? open : { tier, ...(stopsFirst({}, incident) ? { stopFirst: true } : {}) };
  const asked = lifting({ ...more, until }, incident);
  const because = `${heldBecause(incident)}: approving ${asked.tier} lifts the budgets for this incident, but not protection or a halt`;
  const waits = open !== undefined && !isKept && tierRank(open.tier) > tierRank(tier);
  const lines = [because, ...(waits ? [`${open.tier} is asked for again once this is answered`] : [])];
  const title = askText(asked, targetText(incident.target));
  const next = { ...incident, decision: { ...decision, asked, because: reasonsWith(decision.because, lines) } };
  return withAskTold(next, asked, title, lines, timeOf(now));
};

/** An ask that replaces the open one. If an operator waits for an answer to the open one, `replaces` names it. */
const instead = (asked: Ask, open: Ask, before: Incident): Ask =>
  open.by === undefined ? asked : { ...asked, replaces: replacedBy(open, before) };

/**
 * Keeps, in a new decision, an open ask that did not come from evidence: to lift a budget that still holds the incident
 * back, or to approve what another operator wants. If the evidence asks for a higher tier, that ask waits for the
 * budget, and replaces an operator's ask that has nothing to do with one. If the decided tier is above the ask, the ask
 * is dropped: a budget then holds the higher goal back anew.
 */
export const withOpenAsk = (decided: Decision, before: Incident, merged: Incident, now: number): Decision => {
  const open = before.decision?.asked;
  if (open === undefined || open.until <= timeOf(now) || (open.lifts !== true && open.by === undefined)) return decided;
  if (tierRank(decided.tier) > tierRank(open.tier)) return decided;
  const isHeld = before.held?.budget === true || heldByBudget(before) !== undefined;
  const lifts = open.lifts === true && isHeld;
  if (!lifts && decided.asked !== undefined && tierRank(decided.asked.tier) > tierRank(open.tier))
    return { ...decided, asked: instead(decided.asked, open, before) };
  if (!lifts && open.by === undefined) return decided;
  const { because: reasons = [] } = open;
  // Where no finding led to the ask, its reasons are all that there is to say.
  const others = reasons.length > 0 && merged.summary.maxima.length === 0 ? [] : decided.because;
  return {
    ...decided,
    because: [...others, ...reasons],
    asked: { ...open, plan: planHashOf(open.tier, merged, open) },
  };
};
