import { makeContain } from '../../../functions/contain/handler.ts';
import { makeDecide } from '../../../functions/decide/handler.ts';
import { makeOperate } from '../../../functions/operate/handler.ts';
import { capOf } from '../../../shared/decision/cap.ts';
import { DEFAULT_POLICY, type Policy } from '../../../shared/decision/policy.ts';
import { RULES } from '../../../shared/detection/registry.ts';
import type { Envelope } from '../../../shared/envelope.ts';
import type { Topic } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { Kit } from '../../kit/containment.ts';
import { worldClusters } from '../../kit/world-clusters.ts';
import { worldCompute } from '../../kit/world-compute.ts';
import { type SimulatedBus, simulatedBus } from '../bus.ts';
import { chanceOf } from '../chance.ts';
import { CALM, processOf } from '../process.ts';
import { makeSlots, type Slots } from './slots.ts';

/** The functions that an outbreak is about: what comes before and after them has no share in the cloud's quotas. */
export type Played = 'decide' | 'operate' | 'contain';

const SEED = 1;
const DECIDE = 'firebreak-decide';
const rules = new Map(RULES.map((rule) => [rule.id, rule]));
const policy: Policy = { ...DEFAULT_POLICY, mode: 'act' };

type Handler = (envelope: Envelope) => Promise<void>;

/**
 * The real handlers of decide, operate and contain on a simulated bus, under the shipped policy. Each call takes up to
 * 80 ms, as in a cloud, and each function takes only as many messages at a time as it has slots.
 */
export const functionsOf = (
  kit: Kit,
  slots: Readonly<Record<Played, number>>,
): { bus: SimulatedBus; pools: Record<Played, Slots> } => {
  const pools = {
    decide: makeSlots(kit.clock, slots.decide),
    operate: makeSlots(kit.clock, slots.operate),
    contain: makeSlots(kit.clock, slots.contain),
  };
  const reading = {
    ...kit.ports,
    clusters: worldClusters(kit.world, DECIDE),
    compute: worldCompute(kit.world.compute, DECIDE),
    policy,
    policyHash: 'simulated',
    rules,
  };
  const acting = {
    ...kit.ports,
    budgets: policy.budgets,
    capOf: (incident: Incident) => capOf(policy, incident, kit.clock.now()),
  };
  let processes = 0;
  const start = (topic: Topic, envelope: Envelope) => {
    processes += 1;
    const chance = chanceOf(SEED, `process ${processes}`);
    const play = (pool: Slots, handler: Handler) => ({
      run: pool.take(() => handler(envelope)),
      hasDied: () => false,
    });
    switch (topic) {
      case 'findings':
        return play(pools.decide, makeDecide(processOf({ ...reading, bus }, CALM, chance).ports));
      case 'tick':
      case 'requests':
      case 'dead-letters':
        return play(pools.operate, makeOperate(processOf({ ...reading, bus }, CALM, chance).ports));
      case 'containment': {
        const owner = `contain-${processes}`;
        return play(pools.contain, makeContain(processOf({ ...acting, bus, owner }, CALM, chance).ports));
      }
      default:
        return undefined;
    }
  };
  const bus = simulatedBus(kit.clock, chanceOf(SEED, 'bus'), { duplicates: 0, late: 0 }, start);
  return { bus, pools };
};
