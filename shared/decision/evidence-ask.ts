import { type Decision, tierOf } from '../model/decision.ts';
import { type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { timeOf } from '../model/time.ts';
import { askText } from '../views/ask-text.ts';
import { targetText } from '../views/target.ts';
import { withAskTold } from './ask-notice.ts';
import { isPast } from './correlate.ts';
import { decideTier, type Rules } from './decide-tier.ts';
import { beyondText, coversOf, leastGranted } from './grant.ts';
import { reasonsWith } from './reasons.ts';
import { runningOf } from './requests/begun.ts';

/**
 * The tier that an operator asked for or approved, if that is the goal. One that was only tried in a dry run does not
 * count once the policy acts.
 */
export const requestedTier = ({ policy }: Rules, incident: Pick<Incident, 'goal'>): Tier | undefined => {
  const goal = runningOf(policy, incident);
  return goal?.requested === true ? tierOf(goal) : undefined;
};

/** Why a plan is not asked for again: a person rejected this plan, or it lapsed and nothing new was seen since. */
const refusalOf = (incident: Incident, plan: string, fresh: boolean): string | undefined => {
  const last = incident.answered?.findLast((a) => a.plan === plan);
  if (last?.outcome === 'rejected') return `${last.tier} was rejected by ${last.by}: not asked again`;
  return last?.outcome === 'lapsed' && !fresh ? `the ask for ${last.tier} lapsed without an answer` : undefined;
};

/**
 * A decision with its ask only where that is still to be asked: it is above what was granted, and nobody has rejected
 * it, or let it lapse with nothing new seen since.
 */
export const withAsk = (decision: Decision, before: Incident, fresh: boolean, floor: Tier | undefined): Decision => {
  const { asked, ...rest } = decision;
  if (asked === undefined || (floor !== undefined && tierRank(asked.tier) <= tierRank(floor))) return rest;
  const refused = refusalOf(before, asked.plan, fresh);
  if (refused !== undefined)
    return { ...rest, verdict: rest.verdict === 'ask' ? 'act' : rest.verdict, because: [...rest.because, refused] };
  const open = before.decision?.asked;
  return { ...rest, asked: open?.plan === asked.plan ? open : asked };
};

/**
 * The incident with the ask of its evidence open again: it had to wait while people were asked to lift a budget for a
 * lower tier. Nothing changes where something is asked, or the evidence asks for nothing that is still to be asked.
 */
export const withEvidenceAsk = (rules: Rules, incident: Incident, now: number): Incident => {
  const { decision } = incident;
  if (decision === null || decision.asked !== undefined || isPast(incident)) return incident;
  const covers = coversOf(incident);
  const granted = requestedTier(rules, incident);
  const own = decideTier(rules, incident, now);
  const { asked } = withAsk(own, incident, false, covers === undefined ? granted : leastGranted(covers, incident));
  if (asked === undefined) return incident;
  const more = granted === undefined ? [] : [beyondText(granted, asked.tier), ...own.because];
  const next = { ...incident, decision: { ...decision, asked, because: reasonsWith(decision.because, more) } };
  return withAskTold(next, asked, askText(asked, targetText(incident.target)), own.because, timeOf(now));
};
