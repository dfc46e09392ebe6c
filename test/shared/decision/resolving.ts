import { strict as assert } from 'node:assert';
import { SHOP } from '../../../local/world/seed.ts';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { type Resolved, resolve } from '../../../shared/decision/resolve.ts';
import type { ResolvePorts } from '../../../shared/decision/resolve-host.ts';
import { Denied, Transient } from '../../../shared/errors.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import type { Instance, InstanceRef } from '../../../shared/model/compute.ts';
import type { Target } from '../../../shared/model/target.ts';
import { timeOf } from '../../../shared/model/time.ts';
import type { ClusterDescription } from '../../../shared/ports.ts';
import { openStores } from '../../../shared/store/incidents.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';
import { NOW } from './fixtures.ts';

export type Owner = { kind: string; name: string; uid: string; apiVersion?: string; controller?: boolean };

/** An object of the cluster, in the namespace `shop` where its kind has one. */
export const object = (
  kind: string,
  name: string,
  uid: string,
  over: object = {},
  owners: Owner[] = [],
): KubeObject => ({
  apiVersion: 'v1',
  kind,
  ...over,
  metadata: {
    name,
    uid,
    resourceVersion: '1',
    creationTimestamp: '2026-03-02T02:00:00Z',
    ...(kind === 'Node' || kind === 'Namespace' ? {} : { namespace: 'shop' }),
    ...('metadata' in over && typeof over.metadata === 'object' ? over.metadata : {}),
    ...(owners.length === 0 ? {} : { ownerReferences: owners.map((o) => ({ apiVersion: 'x.example.com/v1', ...o })) }),
  },
});

export const NODE = object('Node', 'n1', 'node-1', { spec: { providerID: 'gce://p1/europe-west1-b/n1' } });
export const VM: Instance = {
  id: '4512345678901234567',
  name: 'n1',
  project: 'p1',
  zone: 'europe-west1-b',
  status: 'RUNNING',
  createdAt: timeOf(NOW),
  tags: { items: [], fingerprint: '' },
  metadata: { items: {}, fingerprint: '' },
  labels: {},
  disks: [],
  interfaces: [],
  serviceAccounts: [],
};
export const DESCRIPTION: ClusterDescription = {
  autopilot: false,
  networkPolicy: true,
  systemMetrics: true,
  sandboxPool: false,
  autoscaledGroups: [],
};

/** What the cluster and Compute Engine hold, and how they answer. */
export type World = {
  objects: KubeObject[];
  instance?: (ref: InstanceRef) => Promise<Instance | undefined>;
  denied?: string;
  /** The kind whose API answers 503. */
  busy?: string;
  /** Why its lists end too early. */
  cut?: string;
  description?: ClusterDescription;
};

/** Ports that read this world, beside the node `n1` and the namespace `shop`. */
export const portsOf = ({ objects, instance, denied, busy, cut, description }: World): ResolvePorts => {
  const clock = virtualClock(NOW);
  const all = [NODE, object('Namespace', 'shop', 'ns-1'), ...objects].toReversed();
  return {
    clock,
    stores: openStores({ raw: makeMemoryStore(clock), clock }),
    compute: { ...unusedCompute, instance: instance ?? (async () => VM) },
    clusters: {
      served: () => [SHOP],
      describe: async () => ({ ...DESCRIPTION, ...description }),
      reader: () => ({
        get: async ({ kind, name }) => {
          if (kind === denied) throw new Denied(`${kind} ${name} may not be read`);
          if (kind === busy) throw new Transient(`${kind} ${name}: service unavailable`);
          return all.find((o) => o.kind === kind && o.metadata.name === name);
        },
        list: () => assert.fail('it looks at lists page by page'),
        each: async ({ kind }, look) => {
          for (const one of all.filter((o) => o.kind === kind)) await look([one]);
          return cut;
        },
        log: async () => undefined,
      }),
    },
  };
};

const unused = async (): Promise<never> => {
  throw new Error('resolving reads nothing but the instance');
};
const unusedCompute: ResolvePorts['compute'] = { instance: unused };

export const CART: Target = { ...SHOP, namespace: 'shop', pod: 'cart-1' };
export const cart = (owners: Owner[] = [], over: object = {}) =>
  object('Pod', 'cart-1', 'pod-1', { spec: { nodeName: 'n1', containers: [] }, ...over }, owners);
const OPTIONS = { labelKeys: [], attribute: true };

/** Resolves a target that is served, at NOW. */
export const resolved = async (ports: ResolvePorts, target: Target = CART): Promise<Resolved> => {
  const answer = await resolve(ports, target, timeOf(NOW), OPTIONS);
  if ('refused' in answer) throw new Error(answer.refused);
  return answer;
};
/** Resolves the pod `cart-1`, which must become a subject. */
export const podOf = async (world: World) => {
  const answer = await resolved(portsOf(world));
  const [subject] = answer.subjects;
  assert.ok(subject?.kind === 'pod');
  return { ...answer, subject };
};
