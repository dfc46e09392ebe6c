import type { Ask } from '../../model/decision.ts';
import type { Answer, Incident } from '../../model/incident.ts';
import { timeOf } from '../../model/time.ts';
import { heldOn } from '../../views/held-text.ts';
import type { Rules } from '../decide-tier.ts';
import { withEvidenceAsk } from '../evidence-ask.ts';
import { reasonsWith } from '../reasons.ts';
import { answersWith, withoutLifting } from '../replaced.ts';
import { withNotice } from '../state.ts';
import { withoutAsk } from './request.ts';

/** The incident with an ask noted as answered, and no longer open. */
export const withAnswer = (incident: Incident, answer: Answer): Incident => ({
  ...withoutAsk(incident),
  answered: answersWith(incident, answer),
});

/** `because`: for the decision. `title` and `lines`: of the notice. */
type Ended = Pick<Answer, 'outcome' | 'by'> & { because: string; title: string; lines: readonly string[] };

/**
 * The incident with an ask that ended without approval: the decision says so, and people are told, with how to go on
 * where a budget holds the incident. An ask of the evidence that had to wait for this one is opened again.
 */
export const withAskEnded = (rules: Rules, incident: Incident, asked: Ask, ended: Ended, now: number): Incident => {
  const { outcome, by, because, title, lines } = ended;
  const at = timeOf(now);
  const lifts = asked.lifts === true ? { lifts: true as const } : {};
  const plan = withoutLifting(asked, incident);
  const { decision, ...rest } = withAnswer(incident, { plan, tier: asked.tier, outcome, by, at, ...lifts });
  const verdict = decision?.verdict === 'ask' ? 'act' : decision?.verdict;
  const next: Incident = {
    ...rest,
    decision:
      decision === null || verdict === undefined
        ? decision
        : { ...decision, verdict, because: reasonsWith(decision.because, [because]) },
  };
  const on = heldOn(next, now);
  const how = on === undefined ? [] : [`${on.text}:`, `$ ${on.command}`];
  const told = withNotice(next, { kind: 'info', title, lines: [...lines, ...how] }, at);
  return asked.lifts === true ? withEvidenceAsk(rules, told, now) : told;
};
