import { VERIFIED_BY_DEFAULT } from '../../shared/decision/policy-settings.ts';
import { isHeldBack } from '../../shared/model/entry.ts';
import { TIERS, tierRank } from '../../shared/model/ids.ts';
import { msOf, time } from '../../shared/model/time.ts';
import type { Ended, Invariant } from './ended.ts';
import type { Word } from './watch.ts';

type Goal = Word['goal'];

/** Longer than a play. */
const DAY_MS = 24 * 60 * 60_000;

const rankOf = (goal: Goal | null): number => {
  const tier = TIERS.find((known) => known === goal?.tier);
  return tier === undefined ? -1 : tierRank(tier);
};

/** Whether a goal changed to another rank. */
const rises = ({ goal, before }: Word): boolean => goal.tier !== before?.tier && rankOf(goal) !== rankOf(before);

const DEMANDED: readonly string[] = [...VERIFIED_BY_DEFAULT, 'released'];

/** 4: a tier that needs a verified operator never begins by a request whose identity is only claimed. */
const verified: Invariant = ({ stage }) =>
  stage.seen.words.flatMap((word) =>
    stage.verifies && rises(word) && DEMANDED.includes(word.goal.tier) && word.goal.by.endsWith('(claimed)')
      ? [`4: ${word.incident} became ${word.goal.tier} by a request of ${word.goal.by}`]
      : [],
  );

/** 4: a tier that needs another operator begins only after an ask, by somebody other than the one who asked. */
const another: Invariant = ({ stage }) =>
  stage.seen.words.flatMap((word) => {
    const { incident, goal, asked } = word;
    const needed = stage.policy.operators.another.some((tier) => tier === goal.tier);
    if (!needed || goal.by === 'policy' || !rises(word)) return [];
    if (asked === undefined)
      return [`4: ${incident} became ${goal.tier} by ${goal.by} without an ask for another operator`];
    return asked.by === goal.by ? [`4: ${goal.by} approved ${goal.tier}, which the same operator requested`] : [];
  });

/**
 * 5: nothing is begun in an incident once the next episode of its key is opened. If both changed the same pod, the
 * before-image of one would be the change of the other.
 */
const oneEpisode: Invariant = ({ stage }) =>
  stage.seen.words.flatMap(({ incident, goal, follower }) =>
    follower === undefined || rankOf(goal) < 0
      ? []
      : [`5: ${incident} got the goal ${goal.tier} after ${follower}, the next episode, was opened`],
  );

/** 4: budgets are lifted only after an ask, and an incident held by a budget asks to lift it. */
const lifts: Invariant = ({ stage, incidents }) => [
  ...[...stage.seen.lifted].flatMap(([id, { asked }]) =>
    asked ? [] : [`4: the budget of ${id} was lifted without an ask`],
  ),
  ...incidents.flatMap(({ id, held, decision, goal, answered }) =>
    held?.budget === true &&
    decision !== null &&
    rankOf(goal) >= 0 &&
    decision.asked?.lifts !== true &&
    answered?.some((a) => a.lifts === true) !== true
      ? [`4: ${id} is held by a budget, but does not ask to lift it`]
      : [],
  ),
];

/**
 * 5: a step held by a budget is carried out once the budget is lifted, or is held for a reason that is asked about
 * anew.
 */
const goesOn: Invariant = ({ stage, incidents }) =>
  incidents.flatMap(({ id, held, journal, goal, run }) =>
    // A policy that allowed less for a while may also hold steps.
    stage.seen.policies.length === 0 &&
    stage.seen.lifted.has(id) &&
    held === undefined &&
    rankOf(goal) >= 0 &&
    goal?.rev === run.rev
      ? journal
          .filter(isHeldBack)
          .map((e) => `5: ${id} ${e.step} ${e.subject} is still held after its budget was lifted`)
      : [],
  );

/** 1: a request is recorded in one incident, and only once. */
const carriedOnce: Invariant = ({ incidents }) => {
  const ids = incidents.flatMap((i) => (i.requests ?? []).map((r) => r.id));
  const twice = ids.filter((id, n) => ids.indexOf(id) !== n);
  return [...new Set(twice)].map(
    (id) => `1: request ${id} was recorded ${ids.filter((one) => one === id).length} times`,
  );
};

/** 4: a request that was first seen days after it was made is not carried out. */
const late: Invariant = ({ stage }) =>
  stage.seen.words.flatMap(({ incident, goal, request }) => {
    const { at, action } = stage.seen.requests.get(request ?? '') ?? {};
    return typeof at === 'string' && stage.clock.now() - msOf(time.parse(at)) > DAY_MS
      ? [`4: ${incident} became ${goal.tier} by a request (${action}) of ${at}`]
      : [];
  });

/** 4: a replayed message runs nothing by itself. */
const replayed: Invariant = ({ stage, incidents }) =>
  incidents.flatMap(({ id, summary }) => {
    const only = summary.maxima.length > 0 && summary.maxima.every((m) => m.replayed === true);
    const begun = stage.seen.words.some(({ incident, goal }) => incident === id && goal.by === 'policy');
    return only && begun ? [`4: ${id} was started by the policy, but all its evidence was replayed`] : [];
  });

/** 6: an alert whose close was handled before its open arrived leads to no finding. */
const alertsEnded = ({ stage, findings }: Ended): string[] =>
  stage.alerts.flatMap((alert) => {
    const of = (ids: string[]) => stage.bus.deliveries.filter((d) => ids.includes(d.id));
    const over = Math.min(...of(alert.closes).map(({ to }) => to ?? Number.POSITIVE_INFINITY));
    const isLate = of(alert.opens).every(({ from }) => from > over);
    const known = findings.some(({ finding }) => alert.findings.includes(finding.id));
    return isLate && known ? ['6: an alert whose close was handled before its open led to a finding'] : [];
  });

/** Who may request what, and which messages have no effect any more. */
export const WORDS: readonly Invariant[] = [
  verified,
  another,
  oneEpisode,
  lifts,
  goesOn,
  carriedOnce,
  late,
  replayed,
  alertsEnded,
];
