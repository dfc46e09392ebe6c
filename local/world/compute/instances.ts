import { z } from 'zod';
import { notFound } from './fault.ts';
import { type Method, method, zonal } from './method.ts';
import type { RawInstance } from './resources.ts';
import type { ComputeState } from './state.ts';

/** A VM by its zone and its name or numeric id; 404 where there is none. */
export const findInstance = (
  state: ComputeState,
  at: { project: string; zone: string; instance: string },
): RawInstance => {
  const url = `projects/${at.project}/zones/${at.zone}/instances/${at.instance}`;
  const named = state.instances.get(url);
  if (named !== undefined) return named;
  const prefix = `projects/${at.project}/zones/${at.zone}/`;
  for (const [key, instance] of state.instances) {
    if (key.startsWith(prefix) && instance.id === at.instance) return instance;
  }
  throw notFound(url);
};

/** What the world answers for `Instances`. */
export const instanceMethods: Record<string, Method> = {
  'Instances.Get': method(['compute.instances.get'], z.object({ ...zonal, instance: z.string() }), (state, _, at) =>
    findInstance(state, at),
  ),
};
