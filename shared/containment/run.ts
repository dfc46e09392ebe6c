import { ungranted } from '../decision/cap.ts';
import { rowsOf } from '../decision/levels.ts';
import { coverOf, planOf } from '../decision/plan.ts';
import type { Budgets } from '../decision/policy-settings.ts';
import { isDue, isWanted, withNotice } from '../decision/state.ts';
import { sentenceOf, Transient } from '../errors.ts';
import { publishNotices } from '../incidents.ts';
import type { Goal } from '../model/decision.ts';
import type { Entry, PlanItem } from '../model/entry.ts';
import { lowerTier, TIERS, type Tier } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { clusterOf } from '../model/target.ts';
import { timeOf } from '../model/time.ts';
import type { ContainPorts } from '../ports.ts';
import { close } from './close.ts';
import type { Hold } from './context.ts';
import { expire } from './expire.ts';
import { holdUnderHalt, unheld } from './held.ts';
import { isTaken, LEASE_MS, type Ledger, openLedger } from './ledger.ts';
import { pass } from './pass.ts';
import { release } from './release.ts';
import { reportOf } from './report.ts';
import { openReserve } from './reserve.ts';
import type { StepSettings } from './settings.ts';
import type { Step } from './step.ts';
import { Stopped } from './stopped.ts';
import { takeOver } from './take-over.ts';
import { walked } from './walk.ts';

/** What policy, protection, mode and halt allow for an incident at this moment. */
export type Cap = { tier: Tier; mode: 'act' | 'dry-run'; because: string[] };

/** What a run is handed: contain's ports, who runs, what operators set, the policy in force, and the steps this version has. */
export type RunPorts = ContainPorts & {
  owner: string;
  settings: StepSettings;
  /** How much may be taken out of service. */
  budgets: Budgets;
  capOf(incident: Incident): Cap;
  stepOf(id: PlanItem['step']): Step | undefined;
};

/** How far a goal has come: everything settled or held, or something waits for the tick; `notes` go into the notice. */
export type Progress = { settled: boolean; notes: string[] };

const HEARTBEAT_MS = LEASE_MS / 4;

const isWantedBy =
  (clock: RunPorts['clock']) =>
  (incident: Incident): incident is Incident & { goal: Goal } =>
    incident.goal !== null && isWanted(incident, timeOf(clock.now()));
const isTier = (tier: Goal['tier']): tier is Tier => TIERS.some((known) => known === tier);

/** Renews the lease while a long call is under way; ends with the run. */
const startHeartbeat = (ports: RunPorts, ledger: Ledger): { stop(): void } => {
  let running = true;
  const beat = async (): Promise<void> => {
    for (;;) {
      await ports.clock.sleep(HEARTBEAT_MS);
      if (!running) return;
      try {
        await ledger.write((i) => i);
      } catch (thrown) {
        // No fault of the run: the guard refuses every send once the lease is short or gone.
        if (running) ports.log.warn('run', `the lease was not renewed: ${sentenceOf(thrown)}`, { incident: ledger.id });
      }
    }
  };
  void beat();
  return {
    stop: () => {
      running = false;
    },
  };
};

const situationOf = async (ports: RunPorts, incident: Incident): Promise<{ networkPolicy: boolean }> => {
  const cluster = clusterOf(incident.target);
  return { networkPolicy: cluster === undefined || (await ports.clusters.describe(cluster)).networkPolicy };
};

const planned = async (ports: RunPorts, ledger: Ledger, goal: Goal, tier: Tier) => {
  const cap = ports.capOf(ledger.seen());
  const capped = lowerTier(tier, cap.tier);
  const dry = goal.mode === 'dry-run' || cap.mode === 'dry-run';
  const beside = ports.capOf(ungranted(ledger.seen()));
  const situation = await situationOf(ports, ledger.seen());
  const row = rowsOf(ledger.seen(), capped, goal, situation, beside.tier);
  const written = await ledger.write((i) => ({ ...i, plan: planOf(i, capped, goal, situation, beside.tier) }));
  const decided = goal.otherwise?.tier ?? 'observe';
  const because = [
    ...(capped === tier && (!dry || goal.mode === 'dry-run') ? [] : cap.because),
    ...(lowerTier(decided, beside.tier) === decided ? [] : beside.because),
  ];
  const notes = [...new Set(because)];
  ports.log.info('decision -> plan', `${capped}: ${written.plan.length} steps${dry ? ', dry run' : ''}`, {
    incident: ledger.id,
    tier: capped,
    because: notes,
  });
  return { row, dry, notes, covers: coverOf(written) };
};

const carryOut = async (ports: RunPorts, ledger: Ledger, goal: Goal, tier: Tier): Promise<Progress> => {
  const { row, dry, notes, covers } = await planned(ports, ledger, goal, tier);
  const hold: Hold = { token: ledger.token, goalRev: goal.rev, dry, at: goal.at, covers };
  const reserve = openReserve(ports, ledger, goal.rev);
  const settled = await walked(ports, ledger, goal.rev, async () => {
    const { open, progressed, faults, wake } = await pass(ports, ledger, hold, row, reserve);
    if (open && !progressed && faults.length > 0) throw faults[0];
    return { settled: !open, again: progressed, wake };
  });
  return { settled, notes };
};

const takeBack = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<Progress> => ({
  settled: await walked(ports, ledger, goal.rev, () => release(ports, ledger, goal)),
  notes: [],
});

const towards = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<Progress> => {
  if (goal.tier === 'closed') return close(ports, ledger, goal);
  if (goal.tier === 'released') return takeBack(ports, ledger, goal);
  return isTier(goal.tier) ? carryOut(ports, ledger, goal, goal.tier) : { settled: true, notes: [] };
};

/** The incident with a notice of the changes that were taken back because their time was over. */
const withExpired = (incident: Incident, expired: readonly Entry[], now: number): Incident => {
  const lines = expired.map((e) => `${e.step} ${e.subject}: ${e.state} (${e.because ?? 'its time was over'})`);
  const title = 'Taken back: its time was over';
  return lines.length === 0 ? incident : withNotice(incident, { kind: 'info', title, lines }, timeOf(now));
};

/** Throws Transient where a run ends that another goal was set beside: who set it has found the incident leased, and woken nobody. */
const goesOn = ({ rev }: Goal, left: Incident | undefined): void => {
  if (left?.goal != null && left.goal.rev !== rev)
    throw new Transient(`incident ${left.id} has another goal than the run that ends: it goes on`);
};

/** Works until the goal of the newest document is reached, held, or waits for the tick. */
const work = async (ports: RunPorts, ledger: Ledger): Promise<void> => {
  for (let current = ledger.seen(); ; current = await ledger.write(unheld)) {
    const { goal } = current;
    if (goal === null) return;
    try {
      await takeOver(ports, ledger);
      const expired = await expire(ports, ledger, goal);
      if (!isDue(ledger.seen())) {
        goesOn(goal, await ledger.close((i) => withExpired(i, expired, ports.clock.now())));
        return;
      }
      const { settled, notes } = await towards(ports, ledger, goal);
      if (!settled) {
        if (await ledger.rest(goal.rev)) return;
        continue;
      }
      const at = timeOf(ports.clock.now());
      if (await ledger.finish(goal.rev, (i) => withNotice(i, reportOf(i, goal, notes), at))) return;
    } catch (thrown) {
      if (!(thrown instanceof Stopped)) throw thrown;
      if (thrown.reason === 'lease') return;
      if (thrown.reason === 'halt') return goesOn(goal, await holdUnderHalt(ports, ledger, thrown.message));
    }
  }
};

/**
 * Carries out what an incident's goal says, and publishes its notices. Harmless to call any number of times, at once
 * or after a crash at any point. Resolves when the message may be acknowledged: also where another run holds the
 * incident, whose last write sees what is new. Throws Transient and anything unknown, so that it is delivered again.
 *
 * `known`: the document, where it was read a moment ago. Many messages of one incident find it taken, and need no more.
 */
export const run = async (ports: RunPorts, id: string, known?: Incident): Promise<void> => {
  const wanted = isWantedBy(ports.clock);
  const token = ports.clock.random();
  if (known !== undefined && (!wanted(known) || isTaken(known.lease, token, ports.clock.now())))
    return publishNotices(ports, known);
  const ledger = await openLedger(ports, id, ports.owner, token, wanted, known);
  if (ledger !== undefined) {
    const heartbeat = startHeartbeat(ports, ledger);
    try {
      await work(ports, ledger);
    } catch (thrown) {
      await ledger.close((i) => i).catch(() => undefined);
      throw thrown instanceof Error ? thrown : new Transient(sentenceOf(thrown));
    } finally {
      heartbeat.stop();
    }
  }
  const left = await ports.stores.incidents.get(id);
  if (left !== undefined) await publishNotices(ports, left);
};
