import type { Goal } from '../model/decision.ts';
import { type Entry, isSettled, keyOf, type PlanItem } from '../model/entry.ts';
import { STEP_IDS, type StepId, type Tier } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { awaitedItems, standsForPods } from './awaited.ts';
import { allowsStep, type Level, levelsOf, rowOf, type Situation } from './levels.ts';
import { ISOLATE_HOST_REACH, PLAYBOOKS, type RowItem, type Scope } from './playbooks.ts';
import {
  isKeptWithPods,
  mayEndWith,
  podsOf,
  podUids,
  related,
  type StepSubject,
  subjectsOf,
  uidsBehind,
  unique,
} from './step-subjects.ts';
import { suspectsOf } from './suspects.ts';

type Extras = Level['extras'];

const wanted = (item: RowItem, extras: Extras, incident: Incident): boolean => {
  if (item.only !== undefined && extras.options?.[item.only] !== true) return false;
  if (extras.stopFirst === true && item.evidence === true) return false;
  const attributed = podsOf(incident).length > 0;
  return item.step !== 'drain-node' || attributed || extras.options?.drain === true;
};

type Placed = { item: RowItem; on: StepSubject; extras: Extras };

const place = (row: readonly RowItem[], incident: Incident, extras: Extras): Placed[] =>
  row
    .filter((item) => wanted(item, extras, incident))
    .flatMap((item) => subjectsOf(incident, item.scope, item.part).map((on) => ({ item, on, extras })))
    .filter(({ on }) => !isKeptWithPods(on));

/** Steps that only keep evidence which a later step may destroy, and that change nothing. */
const KEEPING: readonly StepId[] = ['start-snapshots', 'capture-evidence', 'snapshots-ready'];

/** Scopes in which a step affects all the pods behind its subject. */
const SHARED: readonly Scope[] = ['node', 'workload'];

/**
 * Applies the row of a level to its own subjects, and to the nodes, namespaces and workloads that they are part of. If
 * a step changes a node or workload, evidence is also kept of the other pods behind it, whatever their level.
 */
const placeLevel = ({ tier, uids, extras }: Level, about: Incident, situation: Situation): Placed[] => {
  const all = place(rowOf(tier, about, situation), about, extras);
  const own = all.filter(({ on }) => uidsBehind(on).some((uid) => uids.has(uid)));
  const shared = own.filter(({ item }) => !KEEPING.includes(item.step) && SHARED.includes(item.scope));
  const reached = new Set(shared.flatMap(({ on }) => mayEndWith(on, about)));
  const kept = all.filter(({ item, on }) => KEEPING.includes(item.step) && podUids(on).some((uid) => reached.has(uid)));
  const placed = new Set([...own, ...kept]);
  return all.filter((one) => placed.has(one));
};

const keyOfPlaced = ({ item: { step }, on: { subject, uid } }: Placed): string => keyOf({ step, subject, uid });

const keysAmong = (
  placed: readonly Placed[],
  steps: readonly StepId[] | undefined,
  on: StepSubject,
  about: Incident,
): string[] =>
  placed.filter((other) => steps?.includes(other.item.step) === true && related(on, other.on, about)).map(keyOfPlaced);

const itemOf = (placed: readonly Placed[], { item, on, extras }: Placed, about: Incident): PlanItem => ({
  step: item.step,
  subject: on.subject,
  uid: on.uid,
  ...(item.start === true ? { start: true } : {}),
  after: keysAmong(placed, item.needs, on, about),
  ...(item.follows === undefined ? {} : { follows: keysAmong(placed, item.follows, on, about) }),
  ...(item.anyOf === undefined || extras.stopFirst === true ? {} : { anyOf: keysAmong(placed, item.anyOf, on, about) }),
});

const ROW_ITEMS: readonly RowItem[] = [...Object.values(PLAYBOOKS).flat(), ...ISOLATE_HOST_REACH];

/**
 * Steps that are planned again if an unfinished item waits for them; they only look. Every other step enters a plan
 * only by the row of its goal.
 */
const GATES: readonly StepId[] = ['snapshots-ready'];

/** The steps that a step needs, in any row. */
export const needsOf = (step: StepId): StepId[] =>
  ROW_ITEMS.flatMap((item) => (item.step === step ? (item.needs ?? []) : []));

/** The subject of a plan item, as the incident holds it now; undefined if it does not any more. */
const subjectOf = (item: PlanItem, incident: Incident): StepSubject | undefined =>
  ROW_ITEMS.filter(({ step }) => step === item.step)
    .flatMap(({ scope, part }) => subjectsOf(incident, scope, part))
    .find(({ subject, uid }) => subject === item.subject && uid === item.uid);

/** An item of an earlier goal that also waits for subjects that joined since: a pod on another node has other disks. */
const waitingAlso = (item: PlanItem, placed: readonly Placed[], incident: Incident): PlanItem => {
  const on = subjectOf(item, incident);
  const also = on === undefined ? [] : keysAmong(placed, needsOf(item.step), on, incident);
  return { ...item, after: [...new Set([...item.after, ...also])] };
};

/**
 * The items of the rows, in their order, with the unfinished ones of an earlier plan among them: each before the first
 * item that came after it in that plan or, of those that are new, is of a later step; but after the earlier steps on its
 * own subject, which may be of a later level. So a node is cut off after its cordon, and after the evidence, also where
 * a higher tier goes on with the cut.
 */
const inOrder = (earlier: readonly PlanItem[], unfinished: readonly PlanItem[], items: readonly PlanItem[]) => {
  const places = new Map(earlier.map((item, at) => [keyOf(item), at]));
  const placeOf = (one: PlanItem): number => {
    const place = places.get(keyOf(one)) ?? 0;
    const rank = STEP_IDS.indexOf(one.step);
    const isEarlier = (item: PlanItem): boolean => {
      const known = places.get(keyOf(item));
      return known === undefined ? STEP_IDS.indexOf(item.step) <= rank : known < place;
    };
    // The size of a group is restored after whatever makes the group smaller last, so it holds nothing back.
    const last = items.findLastIndex(
      (item) => item.uid === one.uid && item.step !== 'restore-group-size' && isEarlier(item),
    );
    const next = items.findIndex((item, at) => at > last && !isEarlier(item));
    return next < 0 ? items.length : next;
  };
  const placed = Map.groupBy(unfinished, placeOf);
  return [...items.flatMap((item, at) => [...(placed.get(at) ?? []), item]), ...(placed.get(items.length) ?? [])];
};

/**
 * The plan of a goal: the row of each of its tiers for every subject of that tier, in the row's order. Among these
 * are the items of an earlier plan that are not settled (`inOrder`). A falling score never shortens a running plan, but
 * the policy does: `tier` and `otherwise` are how far the grants and the policy's own tier may go now. If either is less
 * than the goal (`capped`), items of an earlier plan stay only if they are within these limits. A named workload without
 * pods has the items of its pods in its own name.
 */
export const planOf = (
  incident: Incident,
  tier: Tier,
  goal: Goal,
  situation: Situation,
  otherwise: Tier = tier,
  capped = false,
): PlanItem[] => {
  const about = { ...incident, subjects: suspectsOf(incident) };
  const entries = new Map(incident.journal.map((e): [string, Entry] => [keyOf(e), e]));
  const levels = levelsOf(about.subjects, goal, tier, otherwise);
  const open = incident.plan.filter((item) => {
    const known = entries.get(keyOf(item));
    if (standsForPods(incident, item) || (known !== undefined && isSettled(known))) return false;
    const on = capped ? subjectOf(item, about) : undefined;
    return !capped || (on !== undefined && allowsStep(levels, item.step, uidsBehind(on)));
  });
  const rows = levels.flatMap((level) => placeLevel(level, about, situation));
  const inRows = new Set(rows.map(keyOfPlaced));
  const isAwaited = ({ step }: RowItem): boolean =>
    GATES.includes(step) && open.some((item) => needsOf(item.step).includes(step));
  const gates = place(
    unique(ROW_ITEMS.filter(isAwaited), ({ step }) => step),
    about,
    goal,
  ).filter((gate) => !inRows.has(keyOfPlaced(gate)));
  // An item that two tiers share is done once: at its first place, in the form of the higher tier.
  const placed = [...new Map([...gates, ...rows].map((one) => [keyOfPlaced(one), one])).values()];
  const items = placed.map((one) => itemOf(placed, one, about));
  const keys = new Set(items.map(keyOf));
  const unfinished = open.filter((item) => !keys.has(keyOf(item)));
  const awaited = levels.flatMap(({ tier: to, uids, extras }) =>
    awaitedItems(
      rowOf(to, about, situation).filter((item) => wanted(item, extras, about)),
      subjectsOf(incident, 'workload').filter(({ uid }) => uids.has(uid)),
    ),
  );
  const goingOn = unfinished.map((item) => waitingAlso(item, placed, about));
  return [...inOrder(incident.plan, goingOn, items), ...awaited];
};

/** The soft order of a plan: the steps that a step waits for, each with the most seconds, from the row in force. */
export const waitsOf = (row: readonly RowItem[], step: StepId): Readonly<Partial<Record<StepId, number>>> =>
  row.find((item) => item.step === step)?.waits ?? {};
