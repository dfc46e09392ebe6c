import { ComputeFault } from '../../local/world/compute/fault.ts';
import { Lost } from '../../local/world/compute/script.ts';
import type { ComputeWorld } from '../../local/world/compute/world.ts';
import type { ComputeCall } from '../../shared/adapters/compute-api.ts';
import { ComputeFailure } from '../../shared/adapters/compute-failure.ts';
import { computePorts } from '../../shared/adapters/compute-ports.ts';
import type { ComputeReader, ComputeWriter } from '../../shared/model/compute.ts';

/** The Compute Engine ports directly over the simulated service, without HTTP; `identity` is the caller. */
export const worldCompute = (world: ComputeWorld, identity: string): ComputeReader & ComputeWriter => {
  const call: ComputeCall = async (method, request) => {
    try {
      return world.call(identity, method, request);
    } catch (thrown) {
      if (thrown instanceof ComputeFault) throw new ComputeFailure(thrown.message, thrown.status, thrown.reason);
      if (thrown instanceof Lost) throw new ComputeFailure(thrown.message);
      throw thrown;
    }
  };
  return computePorts(call);
};
