import { worldCompute } from '../../../../local/world/compute/ports.ts';
import { computeContract } from '../../../contracts/compute.ts';
import { makeTestWorld } from './make-test-world.ts';

computeContract('the simulated Compute Engine, in process', async () => {
  const { world, advance } = makeTestWorld();
  return { world, advance, as: (identity) => worldCompute(world, identity), stop: async () => undefined };
});
