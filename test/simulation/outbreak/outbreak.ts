import { quotaOf } from '../../../local/world/compute/quota.ts';
import { everyOf } from '../../../shared/decision/pages.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { containmentKit, type Kit } from '../../kit/containment.ts';
import { chanceOf } from '../chance.ts';
import { type Attacked, addClusters } from './clusters.ts';
import { functionsOf, type Played } from './functions.ts';
import { cutsNode, cutsPod, type Spread, timesTo } from './measure.ts';
import { countWrites, type Writes } from './writes.ts';

/**
 * One image breaks out in many clusters of a project. `withinMs`: all of them within this time. `slots`: how many
 * messages the instances of a function take at a time. `perMinute`: Compute Engine's quota for each group of methods.
 */
export type Outbreak = {
  clusters: number;
  withinMs: number;
  slots: Readonly<Record<Played, number>>;
  perMinute: number;
};

/** As Terraform sizes the functions (instances by concurrency), and as Compute Engine limits a project by default. */
export const AS_DEPLOYED: Omit<Outbreak, 'clusters'> = {
  withinMs: 30_000,
  slots: { decide: 80, operate: 40, contain: 80 },
  perMinute: 1500,
};

/** How an outbreak ended. Times are from the finding in a cluster; `doneMs` from the beginning to the end of all. */
export type Outcome = {
  clusters: number;
  firstChange: Spread;
  podCut: Spread;
  nodeCut: Spread;
  doneMs: number;
  /** The number of incidents in each state. */
  states: Record<string, number>;
  deadLetters: number;
  /** Calls of Compute Engine, and those that its quota refused. */
  calls: { made: number; refused: number };
  /** Deliveries that found no instance in time. */
  noInstance: Record<Played, number>;
  writes: Writes;
};

const TICK_MS = 60_000;
const LOOK_MS = 15_000;
const MOST_MS = 6 * 60 * 60_000;

/** As a rule about a miner would: by the shipped policy it isolates. */
const findingOn = ({ ref, pod }: Attacked, at: number): Finding => ({
  v: 1,
  id: `f-${ref.cluster}`,
  rule: 'exec-miner',
  severity: 'critical',
  confidence: 0.85,
  family: 'exec',
  conclusive: true,
  because: ['seen in the simulation'],
  target: { ...ref, namespace: 'shop', pod: pod.name, uid: pod.uid },
  at: timeOf(at),
  source: 'gke-audit-log',
});

const statesOf = (incidents: readonly Incident[]): Record<string, number> => {
  const states: Record<string, number> = {};
  for (const { state } of incidents) states[state] = (states[state] ?? 0) + 1;
  return states;
};

/**
 * Plays an outbreak until every incident is done, for at most six hours of its own time: everything but the handlers is
 * simulated. `look` is told how far it is, in ms of that time. `kit`: to look at the world afterwards.
 */
export const playOutbreak = async (
  { clusters, withinMs, slots, perMinute }: Outbreak,
  look: (ms: number, done: number) => void = () => undefined,
  kit: Kit = containmentKit(),
): Promise<Outcome> => {
  const { clock, world } = kit;
  const attacked = addClusters(world, clusters);
  const { stores, writes } = countWrites(kit.ports.stores, clock);
  const { bus, pools } = functionsOf({ ...kit, ports: { ...kit.ports, stores } }, slots);
  world.compute.state.quota = quotaOf(perMinute);
  world.compute.state.calls.length = 0;
  const start = clock.now();
  const chance = chanceOf(1, 'outbreak');
  const seenAt = new Map<string, number>();
  for (const one of attacked)
    void clock.sleep(chance.between(0, withinMs)).then(() => {
      seenAt.set(one.ref.cluster, clock.now());
      return bus.publish('findings', findingOn(one, clock.now()));
    });
  const isDone = ({ goal, run }: Incident): boolean => goal?.rev === run.rev;
  let incidents: Incident[] = [];
  for (let tick = start; clock.now() < start + MOST_MS; ) {
    if (clock.now() >= tick) {
      tick += TICK_MS;
      void bus.publish('tick', { at: timeOf(clock.now()) });
    }
    await clock.advance(LOOK_MS);
    incidents = await everyOf(stores.incidents, {});
    const done = incidents.filter(isDone).length;
    look(clock.now() - start, done);
    if (done === clusters && bus.outstanding() === 0) break;
  }
  const { calls } = world.compute.state;
  return {
    clusters,
    firstChange: timesTo(kit, attacked, seenAt, () => true),
    podCut: timesTo(kit, attacked, seenAt, cutsPod),
    nodeCut: timesTo(kit, attacked, seenAt, cutsNode),
    doneMs: clock.now() - start,
    states: statesOf(incidents),
    deadLetters: bus.deadLetters.length,
    calls: { made: calls.length, refused: calls.filter(({ status }) => status === 403).length },
    noInstance: {
      decide: pools.decide.refused(),
      operate: pools.operate.refused(),
      contain: pools.contain.refused(),
    },
    writes: writes(),
  };
};
