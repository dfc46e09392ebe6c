import type { Decision } from '../model/decision.ts';
import { higherTier, severityRank, tierRank } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { HaltRecord } from '../model/records.ts';
import { type Time, timeOf } from '../model/time.ts';
import { askedTierText, askText } from '../views/ask-text.ts';
import { targetText } from '../views/target.ts';
import { forAllText, withAside } from './aside.ts';
import { withAskTold } from './ask-notice.ts';
import { assess } from './assess.ts';
import { withOpenAsk } from './budget-ask.ts';
import { commandsFor } from './commands.ts';
import { isPast } from './correlate.ts';
import { decideTier, type Rules } from './decide-tier.ts';
import { requestedTier, withAsk } from './evidence-ask.ts';
import { worstFirst } from './exemplars.ts';
import { type Deciding, goalOf } from './goal.ts';
import {
  beyondText,
  coversOf,
  coversWith,
  grantedBecause,
  leastGranted,
  uncoveredIn,
  uncoveredText,
  withCovers,
} from './grant.ts';
import { withLapse } from './lapse.ts';
import { withOperatorsAskNoted, withReplacedNoted } from './replaced.ts';
import { runningOf } from './requests/begun.ts';
import { withNotice } from './state.ts';
import { isOnlyReplayed } from './suspects.ts';
import { haltedText } from './under-halt.ts';

const sameOutcome = (a: Decision | null, b: Decision): boolean =>
  a !== null &&
  a.verdict === b.verdict &&
  a.tier === b.tier &&
  a.asked?.plan === b.asked?.plan &&
  a.asked?.until === b.asked?.until &&
  a.asked?.lifts === b.asked?.lifts &&
  a.policyHash === b.policyHash;

/**
 * The decision, and the tier that the policy alone decided. A requested or approved tier is neither lowered nor asked
 * for again. Evidence may still ask for a higher tier, and for subjects that the grant does not cover.
 */
const decisionOf = (
  rules: Rules,
  { before, merged, covers }: Pick<Deciding, 'before' | 'merged' | 'covers'>,
  fresh: boolean,
  now: number,
): Pick<Deciding, 'decision' | 'own'> => {
  const floor = requestedTier(rules, before);
  const alone = decideTier(rules, merged, now);
  const asking = withAsk(alone, before, fresh, covers === undefined ? floor : leastGranted(covers, merged));
  const computed = withOpenAsk(asking, before, merged, now);
  const uncovered = uncoveredIn(covers, merged).filter((one) => !isOnlyReplayed(one));
  const keeps = floor !== undefined && tierRank(computed.tier) <= tierRank(floor);
  const known = grantedBecause(before.decision?.because ?? []);
  const otherwise = higherTier(before.goal?.otherwise?.tier ?? 'observe', alone.tier);
  const more = asking.asked !== undefined && computed.asked?.tier === asking.asked.tier ? asking.asked.tier : undefined;
  const beside = (): string[] => {
    if (floor === undefined) return [];
    if (uncovered.length > 0) return [uncoveredText(floor, uncovered, otherwise), ...computed.because];
    return more === undefined ? [] : [beyondText(floor, more), ...computed.because];
  };
  const decided: Decision = keeps
    ? { ...computed, verdict: rules.policy.mode, tier: floor, because: [...new Set([...known, ...beside()])] }
    : computed;
  const at = sameOutcome(before.decision, decided) ? before.decision?.at : undefined;
  return { decision: { ...decided, at: at ?? decided.at }, own: alone.tier };
};

/** What a pager shows: how bad it is, the rule that saw the worst of it, and where. */
const headline = ({ severity, confidence, findings, target }: Incident): string => {
  const score = confidence === null ? '' : ` with confidence ${confidence.toFixed(2)}`;
  const [worst] = findings.toSorted(worstFirst);
  return `${severity ?? 'requested'}${score}: ${worst === undefined ? '' : `${worst.rule} on `}${targetText(target)}`;
};

/** What a decision leads to now. A dry run, or one under a halt, must not read as if something were done. */
const doingText = ({ verdict, tier }: Decision, halted: string | undefined): string => {
  if (verdict === 'dry-run') return `${tier} as a dry run, nothing is changed`;
  if (tier === 'observe') return 'observed, nothing is changed';
  return halted === undefined ? `${tier} has begun` : `${tier} waits, ${halted}`;
};

/** Tells people that subjects have joined which the grant does not cover. */
const withNews = (after: Incident, news: boolean, lines: string[], at: Time): Incident => {
  const { goal } = after;
  if (!news || goal === null) return after;
  const title = `${headline(after)}: subjects joined for which ${goal.tier} was not granted`;
  return withNotice(after, { kind: 'info', title, lines: [...lines, forAllText(after, goal)] }, at);
};

const withNotices = (
  before: Incident | null,
  after: Incident,
  { decision, evidence, news, halt }: { decision: Decision; evidence: string[]; news: boolean } & Pick<Judging, 'halt'>,
  now: number,
): Incident => {
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
      ? withNews(after, news, lines, at)
      : withNotice(
          after,
          {
            kind,
            title: `${headline(after)}: ${doingText(decision, haltedText(halt, after.goal))}`,
            lines: [...lines, ...commands],
          },
          at,
        );
  const { asked } = decision;
  if (asked === undefined || before?.decision?.asked?.plan === asked.plan) return told;
  const title =
    asked.by === undefined
      ? `${headline(after)}: approve ${askedTierText(asked)}?`
      : `${askText(asked, targetText(after.target))} ${asked.by} asks for it, and the plan has changed`;
  return withAskTold(told, asked, title, decision.because, at);
};

type Judging = {
  /** The incident as stored; null if it is opened now. */
  before: Incident | null;
  /** The incident with what was just learned. */
  merged: Incident;
  /** Whether a finding was merged that had not been merged before. */
  fresh: boolean;
  /** What was seen, in sentences for the notice. */
  evidence: string[];
  /** The finding comes from a replayed dead letter: the goal stays as it is, and does not cover new subjects. */
  replayed?: boolean;
  /** Whether everything is halted, as far as is known; it changes only what people are told. */
  halt?: HaltRecord | undefined;
};

/**
 * Decides on an incident that has learned something: sets severity, confidence, decision and goal, and adds notices for
 * what is new. An incident that is past is left as it is.
 */
export const judge = (
  rules: Rules,
  { before, merged, fresh, evidence, replayed, halt }: Judging,
  now: number,
): Incident => {
  if (isPast(merged)) return before ?? merged;
  const { severity, confidence } = assess(rules.policy.matrix, merged.summary.maxima);
  // The tick may be late. What was seen since the end of an ask is asked for anew, which takes that the ask has ended.
  const base = withLapse(rules, withReplacedNoted(before ?? merged, timeOf(now)), now);
  const { answered, outbox } = base;
  const noted = answered === undefined ? {} : { answered };
  const scored: Incident = { ...merged, ...noted, outbox, severity, confidence };
  const running = { ...base, goal: runningOf(rules.policy, base) };
  const given = { before: base, merged: scored, covers: coversWith(running, scored) };
  const deciding: Deciding = { ...given, ...decisionOf(rules, given, fresh, now) };
  const goal = replayed === true ? withCovers(base) : goalOf(rules, deciding, now);
  const known = new Set(uncoveredIn(coversOf(base), base).map(({ uid }) => uid));
  const news =
    requestedTier(rules, { goal }) !== undefined &&
    uncoveredIn(goal?.covers, scored).some((one) => !known.has(one.uid) && !isOnlyReplayed(one));
  const { decision } = deciding;
  const after = withOperatorsAskNoted(base, { ...scored, decision, goal }, timeOf(now));
  return withAside(
    base,
    withNotices(before === null ? null : base, after, { decision, evidence, news, halt }, now),
    headline(after),
    timeOf(now),
  );
};

/** Whether two versions of an incident agree on severity, goal and decision: then the second need not be written. */
export const sameJudgement = (a: Incident, b: Incident): boolean =>
  a.severity === b.severity &&
  a.goal?.rev === b.goal?.rev &&
  b.decision !== null &&
  sameOutcome(a.decision, b.decision);
