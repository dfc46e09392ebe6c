import { computeContract } from '../contracts/compute.ts';
import { makeTestWorld } from '../local/world/compute/make-test-world.ts';
import { worldCompute } from './world-compute.ts';

computeContract('the simulated Compute Engine, in process', async () => {
  const { world, advance } = makeTestWorld();
  return { world, advance, as: (identity) => worldCompute(world, identity), stop: async () => undefined };
});
