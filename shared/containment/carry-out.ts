import { ungranted } from '../decision/cap.ts';
import { rowsOf } from '../decision/levels.ts';
import { planOf } from '../decision/plan.ts';
import { coverOf } from '../decision/step-subjects.ts';
import type { Goal } from '../model/decision.ts';
import { type Entry, isBegunInEarnest, isSettled, keyOf, type PlanItem } from '../model/entry.ts';
import { lowerTier, type Tier } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { clusterOf } from '../model/target.ts';
import { withoutArrived } from './awaited.ts';
import type { Hold } from './context.ts';
import { leftAsItIs, settled as settledAs } from './entry-states.ts';
import type { Ledger } from './ledger.ts';
import { isGated } from './order.ts';
import { lookOutsidePlan } from './outside-plan.ts';
import { pass } from './pass.ts';
import { openReserve } from './reserve.ts';
import type { RunPorts } from './run.ts';
import { walked } from './walk.ts';

/**
 * How far a goal has come. `settled`: all items are settled or held; else something waits for the tick. `notes` go into
 * the notice. `tier`: the tier that is carried out, which may be lower than the goal's.
 */
export type Progress = { settled: boolean; notes: string[]; tier?: Tier };

const situationOf = async (ports: RunPorts, incident: Incident): Promise<{ networkPolicy: boolean }> => {
  const cluster = clusterOf(incident.target);
  return { networkPolicy: cluster === undefined || (await ports.clusters.describe(cluster)).networkPolicy };
};

/** Why an entry that only a dry run had planned is skipped once a lower goal is carried out in earnest. */
const TRIED = 'only a dry run had planned it';

/**
 * The journal without open entries that are no longer in the plan. One that was begun is left as it is, for a release
 * or another goal; one that was not begun is skipped.
 */
const withoutPlan = (
  journal: readonly Entry[],
  plan: readonly PlanItem[],
  because: readonly string[],
  now: number,
): Entry[] => {
  const planned = new Set(plan.map(keyOf));
  return journal.map((e) => {
    if (isSettled(e) || e.state === 'held' || planned.has(keyOf(e))) return e;
    const said = because.join('; ');
    return isBegunInEarnest(e) ? leftAsItIs(e, said, now) : settledAs(e, 'skipped', now, `not begun: ${said}`);
  });
};

const planned = async (ports: RunPorts, ledger: Ledger, goal: Goal, tier: Tier) => {
  const cap = ports.capOf(ledger.seen());
  const capped = lowerTier(tier, cap.tier);
  const dry = goal.mode === 'dry-run' || cap.mode === 'dry-run';
  const beside = ports.capOf(ungranted(ledger.seen()));
  const decided = goal.otherwise?.tier ?? 'observe';
  const isLess = lowerTier(decided, beside.tier) !== decided;
  const situation = await situationOf(ports, ledger.seen());
  const row = rowsOf(ledger.seen(), capped, goal, situation, beside.tier);
  const said = [
    ...(capped === tier && (!dry || goal.mode === 'dry-run') ? [] : cap.because),
    ...(isLess ? beside.because : []),
  ];
  const notes = [...new Set(said)];
  ledger.note((i) => {
    const isCapped = capped !== tier || isLess;
    const { tried: isTried, ...run } = i.run;
    const isLimited = isCapped || (isTried === true && !dry);
    const plan = planOf(i, capped, goal, situation, beside.tier, isLimited);
    const why = isCapped ? notes : [TRIED];
    const journal = isLimited ? withoutPlan(i.journal, plan, why, ports.clock.now()) : i.journal;
    return { ...i, plan, journal: withoutArrived(i, journal, plan), run: dry ? { ...run, tried: true } : run };
  });
  const { plan } = ledger.seen();
  ports.log.info('decision -> plan', `${capped}: ${plan.length} steps${dry ? ', dry run' : ''}`, {
    incident: ledger.id,
    tier: capped,
    because: notes,
  });
  const allows = (incident: Incident): boolean => {
    const now = ports.capOf(incident);
    const isAsBefore = lowerTier(tier, now.tier) === capped && ports.capOf(ungranted(incident)).tier === beside.tier;
    return isAsBefore && (dry || now.mode === 'act');
  };
  return { capped, row, dry, notes, allows, covers: coverOf(ledger.seen()) };
};

/** Plans the goal's tier, or the lower one that the policy in force allows, and walks the plan as far as it goes. */
export const carryOut = async (ports: RunPorts, ledger: Ledger, goal: Goal, tier: Tier): Promise<Progress> => {
  const { capped, row, dry, notes, allows, covers } = await planned(ports, ledger, goal, tier);
  const hold: Hold = {
    token: ledger.token,
    goalRev: goal.rev,
    dry,
    covers,
    gated: isGated(row, goal),
    accessAt: goal.accessAt,
    allows,
    written: ledger.written,
  };
  const reserve = openReserve(ports, ledger, goal.rev);
  const settled = await walked(ports, ledger, goal.rev, async () => {
    const { open, progressed, faults, wake } = await pass(ports, ledger, hold, row, reserve);
    if (open && !progressed && faults.length > 0) throw faults[0];
    return { settled: !open, again: progressed, wake };
  });
  if (settled) await lookOutsidePlan(ports, ledger, hold);
  return { settled, notes, tier: capped };
};
