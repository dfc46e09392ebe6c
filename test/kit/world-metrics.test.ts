import { seedShop } from '../../local/world/seed.ts';
import { makeWorld } from '../../local/world/world.ts';
import { metricsContract } from '../contracts/metrics.ts';
import { virtualClock } from './virtual-clock.ts';
import { worldMetrics } from './world-metrics.ts';

metricsContract('the simulated Cloud Monitoring, in one process', async () => {
  const clock = virtualClock();
  const world = makeWorld(clock);
  seedShop(world);
  return {
    world,
    now: clock.now(),
    as: (identity) => worldMetrics(world.monitoring, identity, clock.now),
    stop: async () => undefined,
  };
});
