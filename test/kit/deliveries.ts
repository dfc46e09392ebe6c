import { run } from '../../shared/containment/run.ts';
import type { Goal } from '../../shared/model/decision.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { incidentOf, type Kit, setGoal } from './containment.ts';
import { crashing } from './crash.ts';

/** More than a minute: by then every lease of a dead run has ended, and the tick has come. */
export const TICK_MS = 61_000;

/** Delivers an incident's id until its goal is reached. While something waits, the tick delivers the id again. */
export const deliver = async (kit: Kit, id = 'i-1', most = 60): Promise<Incident> => {
  for (let deliveries = 0; deliveries < most; deliveries += 1) {
    await kit.clock.drive(run(kit.ports, id));
    const incident = await incidentOf(kit, id);
    if (incident.goal?.rev === incident.run.rev) return incident;
    await kit.clock.advance(TICK_MS);
  }
  throw new Error(`the goal of ${id} was not reached in ${most} deliveries`);
};

/** Sets a goal, and delivers the incident's id until it is reached. */
export const reach = async (kit: Kit, id: string, tier: Goal['tier'], goal: Partial<Goal> = {}): Promise<Incident> => {
  await setGoal(kit, id, tier, goal);
  return deliver(kit, id);
};

/** A delivery whose process dies after its n-th call. */
export const dieAt = async (kit: Kit, call: number, id = 'i-1'): Promise<void> => {
  const dying = crashing(kit.ports, { call, when: 'after' });
  await kit.clock.drive(run(dying.ports, id), dying.crashed);
};

/**
 * The number of the first call in a delivery whose name ends with `end`. Runs the delivery on a twin, which is used up
 * by it.
 */
export const callOf = async (twin: Kit, end: string, id = 'i-1'): Promise<number> => {
  const counted = crashing(twin.ports);
  await twin.clock.drive(run(counted.ports, id));
  const at = counted.names().findIndex((name) => name.endsWith(end));
  if (at < 0) throw new Error(`no call ends in ${end}`);
  return at + 1;
};
