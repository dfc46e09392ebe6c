import { makeContain } from '../../functions/contain/handler.ts';
import { makeDecide } from '../../functions/decide/handler.ts';
import { makeOperate } from '../../functions/operate/handler.ts';
import { worldClusters } from '../../local/world/kubernetes/ports.ts';
import { capOf } from '../../shared/decision/cap.ts';
import { DEFAULT_POLICY } from '../../shared/decision/policy.ts';
import { RULES } from '../../shared/detection/registry.ts';
import type { Envelope } from '../../shared/envelope.ts';
import type { Topic } from '../../shared/model/ids.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { containmentKit, type Kit } from '../kit/containment.ts';
import { type SimulatedBus, simulatedBus } from './bus.ts';
import { chanceOf } from './chance.ts';
import { CALM, processOf, type Trouble } from './process.ts';

/** The whole of Firebreak in one process and one seed: real handlers, real run, everything around them simulated. */
export type Stage = Kit & {
  bus: SimulatedBus;
  /** From now on nothing goes wrong any more. */
  calm(): void;
  /** Every tier that an incident's goal has had, in order of its revisions. */
  goals: Map<string, Map<number, NonNullable<Incident['goal']>>>;
  /** When a halt was committed and when it was lifted, ms. */
  halts: Array<{ from: number; to: number; at: string; liftedAt?: string }>;
};

type Handler = (envelope: Envelope) => Promise<void>;

/** Lets a fault be planted in what the handlers are made of, for the test of the simulation itself. */
export type Plant = (kit: Kit) => Kit['ports'];

const POLICY = { ...DEFAULT_POLICY, mode: 'act' as const };
const rules = new Map(RULES.map((rule) => [rule.id, rule]));

/** Keeps what the store was told of goals and halts, past all wrapping: the world's view, not the process's. */
const observed = (kit: Kit, stage: Pick<Stage, 'goals' | 'halts'>): Kit['ports']['stores'] => {
  const { stores } = kit.ports;
  return {
    ...stores,
    incidents: {
      ...stores.incidents,
      put: async (id, doc, expected) => {
        const stored = await stores.incidents.put(id, doc, expected);
        const known = stage.goals.get(id) ?? new Map();
        if (stored.goal !== null) known.set(stored.goal.rev, stored.goal);
        stage.goals.set(id, known);
        return stored;
      },
    },
    halts: {
      ...stores.halts,
      put: async (id, doc, expected) => {
        const stored = await stores.halts.put(id, doc, expected);
        const now = kit.clock.now();
        const last = stage.halts.at(-1);
        if (stored.halted && last?.at !== stored.at)
          stage.halts.push({ from: now, to: Number.POSITIVE_INFINITY, at: stored.at });
        else if (!stored.halted && last?.to === Number.POSITIVE_INFINITY)
          Object.assign(last, { to: now, liftedAt: stored.at });
        return stored;
      },
    },
  };
};

/** Sets a stage for a seed. The same seed and trouble give the same play. */
export const setStage = (seed: number, trouble: Trouble, duplicates: number, plant?: Plant): Stage => {
  const kit = containmentKit(seed);
  let now = trouble;
  const goals: Stage['goals'] = new Map();
  const halts: Stage['halts'] = [];
  const ports = { ...(plant === undefined ? kit.ports : plant(kit)), stores: observed(kit, { goals, halts }) };
  const reading = { ...ports, clusters: worldClusters(kit.world, 'firebreak-decide') };
  let processes = 0;

  const start = (topic: Topic, envelope: Envelope) => {
    processes += 1;
    const chance = chanceOf(seed, `process ${processes}`);
    const shared = { bus, policy: POLICY, policyHash: 'simulated' };
    const play = <T extends Pick<Kit['ports'], 'clock'>>(given: T, handlerOf: (given: T) => Handler) => {
      const process = processOf(given, now, chance);
      return { run: handlerOf(process.ports)(envelope), hasDied: process.hasDied };
    };
    if (topic === 'findings') return play({ ...reading, ...shared, rules }, makeDecide);
    if (topic === 'requests' || topic === 'tick') return play({ ...reading, ...shared }, makeOperate);
    if (topic !== 'containment') return undefined;
    return play(
      {
        ...ports,
        bus,
        budgets: POLICY.budgets,
        owner: `contain-${processes}`,
        capOf: (i: Incident) => capOf(POLICY, i, kit.clock.now()),
      },
      makeContain,
    );
  };
  const bus = simulatedBus(kit.clock, chanceOf(seed, 'bus'), duplicates, start);
  return {
    ...kit,
    ports: { ...kit.ports, bus },
    bus,
    goals,
    halts,
    calm: () => {
      now = CALM;
    },
  };
};
