import type { ComputeReader, ComputeWriter } from '../model/compute.ts';
import type { ComputeApi } from './compute-api.ts';
import { ComputeFailure, errorOf } from './compute-failure.ts';
import { checkInstanceRef, readInstance } from './compute-instances.ts';

/** A read that gives undefined for what is not there. */
const read = async <T>(what: string, call: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await call();
  } catch (thrown) {
    if (thrown instanceof ComputeFailure && thrown.status === 404) return undefined;
    throw thrown instanceof ComputeFailure ? errorOf(thrown, what) : thrown;
  }
};

/** The ports over whatever answers the calls: the real service, or the simulated one. */
export const computePorts = (api: ComputeApi): ComputeReader & ComputeWriter => ({
  instance: (ref) =>
    read(`instance ${ref.name}`, async () => {
      checkInstanceRef(ref);
      const { project, zone, name } = ref;
      return readInstance({ project, zone }, await api.instancesGet({ project, zone, instance: name }));
    }),
});
