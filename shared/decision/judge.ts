import { isDeepStrictEqual } from 'node:util';
import type { Decision, Goal, PlanOptions } from '../model/decision.ts';
import { severityRank, TIERS, type Tier, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { timeOf } from '../model/time.ts';
import { targetText } from '../views/target.ts';
import { withOpenAsk } from './budget-ask.ts';
import { commandsFor } from './commands.ts';
import { assess } from './confidence.ts';
import { isOver } from './correlate.ts';
import { decideTier, type Rules } from './decide-tier.ts';
import { additionsOf } from './overrides.ts';
import { suspectsOf } from './plan.ts';
import { OPTIONAL_STEPS } from './policy-parts.ts';
import { withNotice } from './state.ts';

/** The tier an operator asked for or approved, while it holds. */
const requestedTier = ({ goal }: Incident): Tier | undefined =>
  goal?.requested === true ? TIERS.find((tier) => tier === goal.tier) : undefined;

/** Why a plan is not asked for again: a person said no to this very plan, or let it lapse and nothing new was seen. */
const refusalOf = (incident: Incident, plan: string, fresh: boolean): string | undefined => {
  const last = incident.answered?.findLast((a) => a.plan === plan);
  if (last?.outcome === 'rejected') return `${last.tier} was rejected by ${last.by}: not asked again`;
  return last?.outcome === 'lapsed' && !fresh ? `the ask for ${last.tier} lapsed unanswered` : undefined;
};

const withAsk = (decision: Decision, before: Incident, fresh: boolean, floor: Tier | undefined): Decision => {
  const { asked, ...rest } = decision;
  if (asked === undefined || (floor !== undefined && tierRank(asked.tier) <= tierRank(floor))) return rest;
  const refused = refusalOf(before, asked.plan, fresh);
  if (refused !== undefined)
    return { ...rest, verdict: rest.verdict === 'ask' ? 'act' : rest.verdict, because: [...rest.because, refused] };
  const open = before.decision?.asked;
  return { ...rest, asked: open?.plan === asked.plan ? open : asked };
};

const sameOutcome = (a: Decision | null, b: Decision): boolean =>
  a !== null &&
  a.verdict === b.verdict &&
  a.tier === b.tier &&
  a.asked?.plan === b.asked?.plan &&
  a.asked?.lifts === b.asked?.lifts &&
  a.policyHash === b.policyHash;

/** A requested or approved tier is neither lowered nor asked for again; evidence may still ask for more. */
const decisionOf = (rules: Rules, before: Incident, merged: Incident, fresh: boolean, now: number): Decision => {
  const floor = requestedTier(before);
  const computed = withOpenAsk(withAsk(decideTier(rules, merged, now), before, fresh, floor), before, merged, now);
  const keeps = floor !== undefined && tierRank(computed.tier) <= tierRank(floor);
  const decided: Decision = keeps
    ? { ...computed, verdict: rules.policy.mode, tier: floor, because: [...(before.decision?.because ?? [])] }
    : computed;
  return sameOutcome(before.decision, decided) && before.decision !== null
    ? { ...decided, at: before.decision.at }
    : decided;
};

/** The evidence is in the workload's own spec, or more than one of its pods shows it. */
const asksToFreeze = (incident: Incident): boolean =>
  incident.summary.maxima.some((m) => m.family === 'spec') ||
  new Set(incident.findings.flatMap(({ family, target }) => (family === 'cpu' ? [] : (target.pod ?? [])))).size > 1;

const goalOf = (rules: Rules, before: Incident, merged: Incident, decision: Decision, now: number): Goal | null => {
  const { goal } = before;
  const { mode } = rules.policy;
  const added = additionsOf(rules.policy, merged);
  const options: PlanOptions = {
    ...goal?.options,
    ...(asksToFreeze(merged) ? { freeze: true } : {}),
    ...added.options,
  };
  const stopFirst = goal?.stopFirst === true || added.stopFirst;
  const at = timeOf(now);
  const optional = Object.keys(options).length === 0 ? {} : { options };
  const held = TIERS.find((tier) => tier === goal?.tier);
  const rises =
    decision.tier !== 'observe' &&
    (held === undefined ||
      tierRank(decision.tier) > tierRank(held) ||
      (goal?.mode === 'dry-run' && mode === 'act' && decision.tier === held));
  if (rises)
    return {
      rev: (goal?.rev ?? 0) + 1,
      tier: decision.tier,
      by: 'policy',
      mode,
      at,
      requested: false,
      ...(stopFirst ? { stopFirst } : {}),
      ...optional,
    };
  if (goal === null || held === undefined) return goal;
  const widens =
    (before.subjects !== merged.subjects && !isDeepStrictEqual(suspectsOf(before), suspectsOf(merged))) ||
    OPTIONAL_STEPS.some((option) => options[option] === true && goal.options?.[option] !== true) ||
    stopFirst !== (goal.stopFirst === true);
  return widens ? { ...goal, rev: goal.rev + 1, at, ...(stopFirst ? { stopFirst } : {}), ...optional } : goal;
};

const headline = (incident: Incident): string => {
  const score = incident.confidence === null ? '' : ` ${incident.confidence.toFixed(2)}`;
  return `${incident.severity ?? 'requested'}${score}: ${targetText(incident.target)}`;
};

const withNotices = (before: Incident | null, after: Incident, decision: Decision, evidence: string[], now: number) => {
  const at = timeOf(now);
  const lines = [...evidence, ...decision.because];
  const commands = after.subjects.length === 0 ? commandsFor(after.target).map((c) => `$ ${c}`) : [];
  const raised =
    before?.decision != null &&
    (tierRank(decision.tier) > tierRank(before.decision.tier) ||
      severityRank(after.severity ?? 'low') > severityRank(before.severity ?? 'low'));
  const kind = before === null ? 'opened' : raised ? 'raised' : undefined;
  const told =
    kind === undefined
      ? after
      : withNotice(after, { kind, title: `${headline(after)}: ${decision.tier}`, lines: [...lines, ...commands] }, at);
  const { asked } = decision;
  return asked === undefined || before?.decision?.asked?.plan === asked.plan
    ? told
    : withNotice(
        told,
        { kind: 'ask', title: `${headline(after)}: may it ${asked.tier}?`, lines: decision.because, ask: asked },
        at,
      );
};

export type Judging = {
  /** The incident as stored; null where this opens it. */
  before: Incident | null;
  /** The same with what was just learned. */
  merged: Incident;
  /** Something was seen that had not been seen before. */
  fresh: boolean;
  /** What the notice says was seen. */
  evidence: string[];
  /** It comes from a message sent again: the goal stays as it is, whatever more it covers. */
  replayed?: boolean;
};

/**
 * Decides on an incident that has learned something: severity, confidence, decision, goal, and the notices of what is
 * new. The goal's `rev` rises when its tier rises, when a dry run becomes an act, and when new subjects or a freeze widen
 * what it covers; never to lower what runs. An incident that a person has ended is left as it is.
 */
export const judge = (rules: Rules, { before, merged, fresh, evidence, replayed }: Judging, now: number): Incident => {
  if (isOver(merged)) return before ?? merged;
  const { severity, confidence } = assess(rules.policy.matrix, merged.summary.maxima);
  const base = before ?? merged;
  const scored: Incident = { ...merged, severity, confidence };
  const decision = decisionOf(rules, base, scored, fresh, now);
  const goal = replayed === true ? base.goal : goalOf(rules, base, scored, decision, now);
  return withNotices(before, { ...scored, decision, goal }, decision, evidence, now);
};

/** Whether two documents say the same about what is to be done: then writing the second would tell nobody anything. */
export const sameJudgement = (a: Incident, b: Incident): boolean =>
  a.severity === b.severity &&
  a.goal?.rev === b.goal?.rev &&
  b.decision !== null &&
  sameOutcome(a.decision, b.decision);
