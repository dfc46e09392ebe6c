import type { ComputeReader, ComputeWriter } from '../model/compute.ts';
import type { ComputeCall } from './compute-api.ts';
import { checkedUrl, orUndefined } from './compute-calls.ts';
import { diskPorts } from './compute-disks.ts';
import { groupPorts } from './compute-groups.ts';
import { readOperation } from './compute-read.ts';
import { rulePorts } from './compute-rules.ts';
import { vmPorts } from './compute-vms.ts';

const operationPorts = (call: ComputeCall): Pick<ComputeReader, 'operation'> => ({
  operation: async (url) => {
    const { project, zone, region, name: operation } = checkedUrl(url, 'operations');
    return orUndefined(`operation ${operation}`, async () => {
      if (zone !== undefined) {
        return readOperation({ project, zone }, await call('ZoneOperations.Get', { project, zone, operation }));
      }
      if (region !== undefined) {
        return readOperation({ project, region }, await call('RegionOperations.Get', { project, region, operation }));
      }
      return readOperation({ project }, await call('GlobalOperations.Get', { project, operation }));
    });
  },
});

/**
 * The ports over any implementation of the calls: the real service through its client, or the simulated one. All checks
 * of names and all reading of replies and refusals happens here, so it is the same for both.
 */
export const computePorts = (call: ComputeCall): ComputeReader & ComputeWriter => ({
  ...vmPorts(call),
  ...diskPorts(call),
  ...groupPorts(call),
  ...rulePorts(call),
  ...operationPorts(call),
});
