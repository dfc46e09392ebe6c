import type { Cap } from '../decision/cap.ts';
import type { Budgets } from '../decision/policy-settings.ts';
import { isDue, isWanted, withNotice } from '../decision/state.ts';
import { sentenceOf, Transient } from '../errors.ts';
import { publishNotices } from '../incidents.ts';
import { type Goal, tierOf } from '../model/decision.ts';
import type { Entry, PlanItem } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import { timeOf } from '../model/time.ts';
import type { ContainPorts } from '../ports.ts';
import { bindingReads } from './binding-reads.ts';
import { carryOut, type Progress } from './carry-out.ts';
import { close } from './close.ts';
import { sharedReads } from './compute-reads.ts';
import { expire } from './expire.ts';
import { holdUnderHalt, unheld } from './held.ts';
import { placesOf, renewHost } from './hosts.ts';
import { isTaken, LEASE_MS, type Ledger, openLedger } from './ledger.ts';
import { release } from './release.ts';
import { reportOf } from './report.ts';
import type { StepSettings } from './settings.ts';
import type { Step } from './step.ts';
import { Stopped } from './stopped.ts';
import { takeOver } from './take-over.ts';
import { walked } from './walk.ts';

/** All that a run needs: contain's ports, an owner, the settings, the policy in force, the steps of this version. */
export type RunPorts = ContainPorts & {
  owner: string;
  settings: StepSettings;
  /** How many nodes and workloads may be taken out of service. */
  budgets: Budgets;
  /** What the policy in force and a halt allow for an incident at this moment. */
  capOf(incident: Incident): Cap;
  stepOf(id: PlanItem['step']): Step | undefined;
};

const HEARTBEAT_MS = LEASE_MS / 4;

const isWantedBy =
  (clock: RunPorts['clock']) =>
  (incident: Incident): incident is Incident & { goal: Goal } =>
    incident.goal !== null && isWanted(incident, timeOf(clock.now()));

/** Renews the leases at intervals, those on hosts too, also during a long call, until the run ends. */
const startHeartbeat = (ports: RunPorts, ledger: Ledger): { stop(): void } => {
  let running = true;
  const beat = async (): Promise<void> => {
    for (;;) {
      await ports.clock.sleep(HEARTBEAT_MS);
      if (!running) return;
      try {
        await ledger.write((i) => i);
        for (const place of placesOf(ledger.seen())) await renewHost(ports, place, ledger.id, ledger.token);
      } catch (thrown) {
        // The run need not fail for this: the guard refuses every send once the lease is short or gone.
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

const takeBack = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<Progress> => ({
  settled: await walked(ports, ledger, goal.rev, () => release(ports, ledger, goal)),
  notes: [],
});

const towards = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<Progress> => {
  if (goal.tier === 'closed') return close(ports, ledger, goal);
  if (goal.tier === 'released') return takeBack(ports, ledger, goal);
  const progress = await carryOut(ports, ledger, goal, goal.tier);
  // What a release or close would meet only by now is left to the next episode: nobody would see it through.
  if (progress.settled) await takeOver(ports, ledger);
  return progress;
};

/** The incident with a notice that names the changes taken back because their time was over. */
const withExpired = (incident: Incident, expired: readonly Entry[], now: number): Incident => {
  const lines = expired.map((e) => `${e.step} ${e.subject}: ${e.state} (${e.because ?? 'its time limit passed'})`);
  const title = 'Taken back: its time limit passed';
  return lines.length === 0 ? incident : withNotice(incident, { kind: 'info', title, lines }, timeOf(now));
};

/**
 * Throws Transient where another goal was set before the run ended: whoever set it found the incident leased and woke
 * nobody, so the message must come again.
 */
const goesOn = ({ rev }: Goal, left: Incident | undefined): void => {
  if (left?.goal != null && left.goal.rev !== rev)
    throw new Transient(`incident ${left.id} has another goal than the run that ends: it goes on`);
};

/**
 * Works until the goal of the newest document is reached, is held, or waits for the tick. A change whose time is over
 * and that cannot be taken back for a fault does not hold up the goal.
 *
 * @throws That fault in the end, so that the message comes again.
 */
const work = async (ports: RunPorts, ledger: Ledger): Promise<void> => {
  let fault: unknown;
  for (let current = ledger.seen(); ; current = await ledger.write(unheld)) {
    const { goal } = current;
    if (goal === null) break;
    try {
      await takeOver(ports, ledger, { waits: tierOf(goal) === undefined });
      const { taken, thrown } = await expire(ports, ledger, goal);
      fault = thrown;
      if (!isDue(ledger.seen())) {
        goesOn(goal, await ledger.close((i) => withExpired(i, taken, ports.clock.now())));
        break;
      }
      const { settled, notes, tier } = await towards(ports, ledger, goal);
      if (!settled) {
        if (await ledger.rest(goal.rev)) break;
        continue;
      }
      const at = timeOf(ports.clock.now());
      if (await ledger.finish(goal.rev, (i) => withNotice(i, reportOf(i, goal, notes, tier), at))) break;
    } catch (thrown) {
      if (!(thrown instanceof Stopped)) throw thrown;
      if (thrown.reason === 'lease') break;
      if (thrown.reason === 'halt') {
        goesOn(goal, await holdUnderHalt(ports, ledger, thrown.message));
        break;
      }
    }
  }
  if (fault !== undefined) throw fault;
};

/**
 * Carries out an incident's goal and publishes its notices. Harmless to call any number of times, at once or after a
 * crash at any point. Resolves when the message may be acknowledged. That includes the case that another run holds the
 * incident: the last write of that run sees what is new. Throws Transient and anything unknown, so that the message is
 * delivered again.
 *
 * `known`: the document, if it was read a moment ago. Of many messages for one incident, most find it leased by another
 * run, and then need no further read.
 */
export const run = async (given: RunPorts, id: string, known?: Incident): Promise<void> => {
  const ports = {
    ...given,
    compute: sharedReads(given.compute, given.clock),
    bindings: bindingReads(given.clusters, given.clock),
  };
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
