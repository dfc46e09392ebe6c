import type { Ask } from '../model/decision.ts';
import type { Answer, Incident } from '../model/incident.ts';
import type { Time } from '../model/time.ts';
import { planHashOf } from './decide-tier.ts';
import { withNotice } from './state.ts';

type Replaced = NonNullable<Ask['replaces']>;

const KEPT = 20;

/** The answers of an incident with one more, newest last. */
export const answersWith = ({ answered = [] }: Pick<Incident, 'answered'>, answer: Answer): Answer[] =>
  [...answered, answer].slice(-KEPT);

/** The plan that a no is to: without the budget it is the same. */
export const withoutLifting = ({ lifts: _, ...open }: Ask, incident: Incident): string =>
  planHashOf(open.tier, incident, open);

/** An ask as what takes its place names it. `before`: the incident that asked. */
export const replacedBy = (open: Ask, before: Incident): Replaced => ({
  tier: open.tier,
  plan: withoutLifting(open, before),
  ...(open.by === undefined ? {} : { by: open.by }),
});

const ofText = ({ by }: Pick<Ask, 'by'>): string => (by === undefined ? '' : `, which ${by} asks for`);

/** The incident with an ask noted that another took the place of: one is open at a time, and nobody is to wait for it. */
export const withReplaced = (incident: Incident, replaced: Replaced, instead: string, at: Time): Incident => {
  const { tier, plan } = replaced;
  const answered = answersWith(incident, { plan, tier, outcome: 'lapsed', by: 'nobody', at });
  const because = `${tier}${ofText(replaced)} was replaced by ${instead}`;
  return withNotice(
    { ...incident, answered },
    { kind: 'info', title: `No longer asked: ${tier}`, lines: [because] },
    at,
  );
};

/** The incident with what its open ask took the place of noted; as it was where that is so, or where there is none. */
export const withReplacedNoted = (incident: Incident, at: Time): Incident => {
  const { decision } = incident;
  if (decision?.asked?.replaces === undefined) return incident;
  const { replaces, ...asked } = decision.asked;
  return withReplaced({ ...incident, decision: { ...decision, asked } }, replaces, `${asked.tier}${ofText(asked)}`, at);
};
