import { InstancesClient } from '@google-cloud/compute/build/src/v1/instances_client.js';
import type { ComputeReader, ComputeWriter } from '../model/compute.ts';
import type { ComputeApi } from './compute-api.ts';
import { failureOf } from './compute-client-errors.ts';
import { computePorts } from './compute-ports.ts';

/** What the clients are built with; everything absent is the real service under the function's own identity. */
export type ComputeOptions = NonNullable<ConstructorParameters<typeof InstancesClient>[0]>;

/** No call outlives 20 s, so that a lease of 60 s covers it. */
const CALL = { timeout: 20_000 };

/** Compute Engine through its client library. Clients are made at their first use. */
export const makeCompute = (options: ComputeOptions = {}): ComputeReader & ComputeWriter => {
  const once = <T>(make: () => T): (() => T) => {
    let made: T | undefined;
    return () => (made ??= make());
  };
  const instances = once(() => new InstancesClient({ ...options }));
  const reply = async (call: Promise<[unknown, ...unknown[]]>): Promise<unknown> => {
    try {
      return (await call)[0];
    } catch (thrown) {
      throw failureOf(thrown);
    }
  };
  const api: ComputeApi = {
    instancesGet: (request) => reply(instances().get(request, CALL)),
  };
  return computePorts(api);
};
