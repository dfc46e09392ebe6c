import type { WorldLog } from '../log.ts';
import { ComputeFault } from './fault.ts';
import { instanceMethods } from './instances.ts';
import type { Method } from './method.ts';
import { recordPresence } from './record.ts';
import type { RawInstance } from './resources.ts';
import { type InstanceSeed, instanceOf } from './seed.ts';
import { type ComputeState, makeState, partial } from './state.ts';

const METHODS: Record<string, Method> = { ...instanceMethods };

export type ComputeWorld = {
  state: ComputeState;
  /** Answers one call of `Service.Method` as `actor`; throws ComputeFault. */
  call(actor: string, name: string, request: unknown): unknown;
  addInstance(seed: InstanceSeed): RawInstance;
};

/** The simulated Compute Engine, in memory. `now` in ms since the epoch, `random` 128 bits in hex. */
export const makeComputeWorld = (given: { now(): number; random(): string; log: WorldLog }): ComputeWorld => {
  const state = makeState(given);
  return {
    state,
    call: (actor, name, request) => {
      state.settle();
      const method = METHODS[name];
      if (method === undefined) throw new ComputeFault(404, 'notFound', 'Not Found');
      return structuredClone(method.run(state, actor, request));
    },
    addInstance: (seed) => {
      const instance = instanceOf(state, seed);
      state.instances.set(partial(instance.selfLink), instance);
      recordPresence(state, { actor: 'seed', verb: 'insert' }, instance, 'there');
      return instance;
    },
  };
};
