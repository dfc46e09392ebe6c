import type { WorldLog } from '../log.ts';
import { addressMethods } from './addresses.ts';
import { diskMethods } from './disks.ts';
import { effectiveMethods } from './effective-firewalls.ts';
import { ComputeFault } from './fault.ts';
import { firewallMethods } from './firewalls.ts';
import { addGroup, type GroupSeed } from './group-seed.ts';
import { groupMethods } from './groups.ts';
import { instanceMethods } from './instances.ts';
import type { Method } from './method.ts';
import { operationMethods } from './operations.ts';
import { spend } from './quota.ts';
import type { RawDisk, RawFirewall, RawInstance, RawNetwork, RawPolicy } from './resources.ts';
import { beforeCall, Lost, type Script, troublesOf } from './script.ts';
import {
  addDisk,
  addFirewall,
  addInstance,
  addNetwork,
  type DiskSeed,
  type FirewallSeed,
  type InstanceSeed,
  type NetworkSeed,
} from './seed.ts';
import { snapshotMethods } from './snapshots.ts';
import { type ComputeState, type GroupState, makeState, partial } from './state.ts';
import { makeStrangers, type Strangers } from './strangers.ts';

/** Every method that the world answers, as `Service.Method` with the names in the client's protos. */
export const METHODS: Readonly<Record<string, Method>> = {
  ...instanceMethods,
  ...addressMethods,
  ...diskMethods,
  ...snapshotMethods,
  ...groupMethods,
  ...firewallMethods,
  ...effectiveMethods,
  ...operationMethods,
};

/** The simulated service: its calls, its state, and ways to change it other than by calls. */
export type ComputeWorld = {
  state: ComputeState;
  stranger: Strangers;
  /** Answers one `Service.Method` call of `actor` with a body in the service's JSON; throws ComputeFault or Lost. */
  call(actor: string, name: string, request: unknown): unknown;
  /** Brings the world up to its `now`: performs and logs everything that is due. */
  settle(): void;
  /** Adds a trouble for coming calls. */
  script(script: Script): void;
  /** Sets an identity's permissions. After the first grant, identities without a grant may do nothing. */
  grant(identity: string, permissions: readonly string[]): void;
  addInstance(seed: InstanceSeed): RawInstance;
  addDisk(seed: DiskSeed): RawDisk;
  addGroup(seed: GroupSeed): GroupState;
  addNetwork(seed: NetworkSeed): RawNetwork;
  addFirewall(seed: FirewallSeed): RawFirewall;
  /**
   * Adds a firewall policy besides the VPC rules. With `network` (partial URL): only for interfaces in that network.
   */
  addPolicy(policy: RawPolicy, network?: string): void;
};

const allow = (state: ComputeState, actor: string, permissions: readonly string[], on: string): void => {
  const held = state.iam?.get(actor) ?? [];
  const missing = permissions.find((permission) => !held.includes(permission));
  if (state.iam === undefined || missing === undefined) return;
  throw new ComputeFault(403, 'forbidden', `Required '${missing}' permission for '${on}'`);
};

/** Replaces a project number in a request by the id of that project. */
const byProjectId = (state: ComputeState, request: unknown): unknown => {
  if (typeof request !== 'object' || request === null || !('project' in request)) return request;
  return { ...request, project: state.projects.get(String(request.project)) ?? request.project };
};

const answer = (state: ComputeState, actor: string, name: string, request: unknown): unknown => {
  const method = METHODS[name];
  if (method === undefined) throw new ComputeFault(404, 'notFound', 'Not Found');
  const troubles = troublesOf(state, name, actor);
  const seen = { at: state.time(), actor, method: name, permissions: method.permissions };
  try {
    beforeCall(troubles);
    const asked = byProjectId(state, structuredClone(request));
    if (state.quota !== undefined) spend(state.quota, name, asked, state.time());
    const body = method.run(state, { actor, troubles }, asked, (on) => allow(state, actor, method.permissions, on));
    state.calls.push({ ...seen, status: 200 });
    state.settle();
    if (troubles.some((trouble) => trouble.kind === 'lose-reply')) throw new Lost('socket hang up');
    return structuredClone(body);
  } catch (thrown) {
    if (thrown instanceof ComputeFault) state.calls.push({ ...seen, status: thrown.status });
    throw thrown;
  }
};

/** The simulated Compute Engine, in memory. `now` in ms since the epoch, `random` 128 bits in hex. */
export const makeComputeWorld = (given: { now(): number; random(): string; log: WorldLog }): ComputeWorld => {
  const state = makeState(given);
  return {
    state,
    stranger: makeStrangers(state),
    call: (actor, name, request) => {
      state.settle();
      return answer(state, actor, name, request);
    },
    settle: () => state.settle(),
    script: (script) => {
      state.scripts.push({ ...script });
    },
    grant: (identity, permissions) => {
      state.iam ??= new Map();
      state.iam.set(identity, permissions);
    },
    addInstance: (seed) => addInstance(state, seed),
    addDisk: (seed) => addDisk(state, seed),
    addGroup: (seed) => addGroup(state, seed),
    addNetwork: (seed) => addNetwork(state, seed),
    addFirewall: (seed) => addFirewall(state, seed),
    addPolicy: (policy, network) => {
      state.policies.push({ policy, ...(network === undefined ? {} : { network: partial(network) }) });
    },
  };
};
