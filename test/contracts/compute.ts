import type { ComputeWorld } from '../../local/world/compute/world.ts';
import type { Changed, ComputeReader, ComputeWriter, Made, Operation } from '../../shared/model/compute.ts';
import { computeAddressContract } from './compute-addresses.ts';
import { computeFaultContract } from './compute-faults.ts';
import { computeFirewallContract } from './compute-firewalls.ts';
import { computeGroupContract } from './compute-groups.ts';
import { computeSnapshotContract } from './compute-snapshots.ts';
import { computeVmContract } from './compute-vms.ts';

/** A simulated service, its clock, and clients for any identity. */
export type ComputeHarness = {
  world: ComputeWorld;
  advance(ms: number): void;
  as(identity: string): ComputeReader & ComputeWriter;
  stop(): Promise<void>;
};

/** The ports of one test, with shorthands. */
export type ComputeCase = ComputeHarness & {
  compute: ComputeReader & ComputeWriter;
  /** A new UUID with each call. */
  requestId(): string;
  /** Waits for an accepted change and resolves with its operation; any other answer fails the test. */
  done(answer: Changed | Made): Promise<Operation>;
};

const caseOf = (harness: ComputeHarness): ComputeCase => {
  const compute = harness.as('contain');
  let count = 0;
  return {
    ...harness,
    compute,
    requestId: () => {
      count += 1;
      return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    },
    done: async (answer) => {
      if (answer === 'gone' || answer === 'exists') throw new Error(`not an operation: ${answer}`);
      harness.advance(harness.world.state.durations.pending + harness.world.state.durations.running);
      const operation = await compute.operation(answer.url);
      if (operation?.done !== true) throw new Error(`not done: ${JSON.stringify(operation)}`);
      return operation;
    },
  };
};

/** The contract of the Compute Engine ports, whichever way the service is reached. */
export const computeContract = (title: string, start: () => Promise<ComputeHarness>): void => {
  describe(title, () => {
    let harness: ComputeHarness;
    let current: ComputeCase;
    beforeEach(async () => {
      harness = await start();
      current = caseOf(harness);
    });
    afterEach(() => harness.stop());
    const given = () => current;
    computeVmContract(given);
    computeAddressContract(given);
    computeSnapshotContract(given);
    computeGroupContract(given);
    computeFirewallContract(given);
    computeFaultContract(given);
  });
};
