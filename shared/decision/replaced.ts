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

/** The hash of a plan that was rejected or lapsed. Whether its ask also lifted budgets makes no difference. */
export const withoutLifting = ({ lifts: _, ...open }: Ask, incident: Incident): string =>
  planHashOf(open.tier, incident, open);

/** An ask as the ask that replaces it names it. `before`: the incident that asked. */
export const replacedBy = (open: Ask, before: Incident): Replaced => ({
  tier: open.tier,
  plan: withoutLifting(open, before),
  ...(open.by === undefined ? {} : { by: open.by }),
});

/** A tier that is asked for, with the operator who asks for it, if one does. */
export const askedText = ({ tier, by }: Pick<Ask, 'tier' | 'by'>): string =>
  by === undefined ? tier : `${tier} (asked by ${by})`;

/** The title of the notice that an ask is no longer open. */
export const noLongerAsked = ({ tier }: Pick<Ask, 'tier'>): string => `No longer asked: ${tier}`;

/**
 * Notes that an ask is no longer open: only one is at a time, and nobody should wait for the old one. `ended`: how it
 * ended, such as `was replaced by isolate`.
 */
export const withReplaced = (incident: Incident, replaced: Replaced, ended: string, at: Time): Incident => {
  const { tier, plan } = replaced;
  const answered = answersWith(incident, { plan, tier, outcome: 'lapsed', by: 'nobody', at });
  return withNotice(
    { ...incident, answered },
    { kind: 'info', title: noLongerAsked(replaced), lines: [`${askedText(replaced)} ${ended}`] },
    at,
  );
};

/** Notes in an incident which ask its open ask has replaced. Nothing changes if there is none, or if it was noted. */
export const withReplacedNoted = (incident: Incident, at: Time): Incident => {
  const { decision } = incident;
  if (decision?.asked?.replaces === undefined) return incident;
  const { replaces, ...asked } = decision.asked;
  return withReplaced(
    { ...incident, decision: { ...decision, asked } },
    replaces,
    `was replaced by ${askedText(asked)}`,
    at,
  );
};

/**
 * Notes that an operator's ask is no longer open, because a decision on new evidence goes further. Nothing changes if it
 * is still open, or if the open ask names it as replaced. `before`: the incident that asked.
 */
export const withOperatorsAskNoted = (before: Incident, after: Incident, at: Time): Incident => {
  const open = before.decision?.asked;
  const now = after.decision?.asked;
  if (open?.by === undefined || now?.by !== undefined || now?.replaces !== undefined) return after;
  const ended = `was replaced by ${after.decision?.tier}, which the policy chose`;
  return withReplaced(after, replacedBy(open, before), ended, at);
};
