import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP } from '../../../local/world/seed.ts';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { holdSubjects } from '../../../shared/decision/hold.ts';
import { type Resolved, resolve } from '../../../shared/decision/resolve.ts';
import type { ResolvePorts } from '../../../shared/decision/resolve-host.ts';
import { Denied, Transient } from '../../../shared/errors.ts';
import { putIncident } from '../../../shared/incidents.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import type { Instance } from '../../../shared/model/compute.ts';
import type { Target } from '../../../shared/model/target.ts';
import { timeOf } from '../../../shared/model/time.ts';
import type { ClusterDescription } from '../../../shared/ports.ts';
import { openStores } from '../../../shared/store/incidents.ts';
import { virtualClock } from '../../kit/virtual-clock.ts';
import { incidentOn, NOW, pod } from './fixtures.ts';

type Owner = { kind: string; name: string; uid: string; apiVersion?: string; controller?: boolean };

const object = (kind: string, name: string, uid: string, over: object = {}, owners: Owner[] = []): KubeObject => ({
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

const NODE = object('Node', 'n1', 'node-1', { spec: { providerID: 'gce://p1/europe-west1-b/n1' } });
const VM: Instance = {
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
const DESCRIPTION: ClusterDescription = {
  autopilot: false,
  networkPolicy: true,
  systemMetrics: true,
  sandboxPool: false,
  autoscaledGroups: [],
};

type World = {
  objects: KubeObject[];
  instance?: () => Promise<Instance | undefined>;
  denied?: string;
  /** The kind whose API answers 503. */
  busy?: string;
  description?: ClusterDescription;
};

const portsOf = ({ objects, instance, denied, busy, description }: World): ResolvePorts => {
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
        list: async ({ kind }) => all.filter((o) => o.kind === kind),
        log: async () => undefined,
      }),
    },
  };
};

const unused = async (): Promise<never> => {
  throw new Error('resolving reads nothing but the instance');
};
const unusedCompute: ResolvePorts['compute'] = { instance: unused };

const CART: Target = { ...SHOP, namespace: 'shop', pod: 'cart-1' };
const cart = (owners: Owner[] = [], over: object = {}) =>
  object('Pod', 'cart-1', 'pod-1', { spec: { nodeName: 'n1', containers: [] }, ...over }, owners);
const OPTIONS = { labelKeys: [], attribute: true };

const resolved = async (ports: ResolvePorts, target: Target = CART): Promise<Resolved> => {
  const answer = await resolve(ports, target, timeOf(NOW), OPTIONS);
  if ('refused' in answer) throw new Error(answer.refused);
  return answer;
};
const podOf = async (world: World) => {
  const answer = await resolved(portsOf(world));
  const [subject] = answer.subjects;
  assert.ok(subject?.kind === 'pod');
  return { ...answer, subject };
};

describe('resolving owners', () => {
  it('follows controllers of custom kinds', async () => {
    const rollout = object('Rollout', 'cart', 'ro-1', { apiVersion: 'x.example.com/v1' }, [
      { kind: 'Fleet', name: 'all', uid: 'fl-1', controller: true },
    ]);
    const objects = [
      cart([
        { kind: 'Audit', name: 'a', uid: 'au-1' },
        { kind: 'Rollout', name: 'cart', uid: 'ro-1', controller: true },
      ]),
      rollout,
      object('Fleet', 'all', 'fl-1', { apiVersion: 'x.example.com/v1' }),
    ];
    const { subject, key, target } = await podOf({ objects });
    assert.deepEqual(
      subject.owners.map((o) => o.uid),
      ['ro-1', 'fl-1'],
    );
    assert.deepEqual([key, target.workload], ['fl-1', { kind: 'Fleet', name: 'all' }]);
    assert.equal(subject.ownersUnread, undefined);
  });

  const stops: Array<[string, World, RegExp, string[]]> = [
    [
      'may not be read',
      { objects: [cart([{ kind: 'Rollout', name: 'cart', uid: 'ro-1' }])], denied: 'Rollout' },
      /cannot be read, so the chain of controllers ends there/,
      ['ro-1'],
    ],
    [
      'is of an API that does not answer',
      { objects: [cart([{ kind: 'Rollout', name: 'cart', uid: 'ro-1' }])], busy: 'Rollout' },
      /cannot be read, so the chain of controllers ends there: Rollout cart: service unavailable/,
      ['ro-1'],
    ],
    [
      'is gone',
      { objects: [cart([{ kind: 'Rollout', name: 'cart', uid: 'ro-1' }])] },
      /does not exist, so the chain of controllers ends there/,
      ['ro-1'],
    ],
    [
      'was made again',
      { objects: [cart([{ kind: 'Rollout', name: 'cart', uid: 'ro-1' }]), object('Rollout', 'cart', 'ro-2')] },
      /is now another object with that name/,
      ['ro-1'],
    ],
    [
      'is owned by what it owns',
      {
        objects: [
          cart([{ kind: 'Rollout', name: 'cart', uid: 'ro-1' }]),
          object('Rollout', 'cart', 'ro-1', {}, [{ kind: 'Rollout', name: 'cart', uid: 'ro-1' }]),
        ],
      },
      /own each other in a cycle/,
      ['ro-1'],
    ],
  ];
  for (const [what, world, sentence, uids] of stops)
    it(`stops at a controller that ${what}, and says so`, async () => {
      const { subject, notes, key } = await podOf(world);
      assert.deepEqual(
        subject.owners.map((o) => o.uid),
        uids,
      );
      assert.match(subject.ownersUnread ?? '', sentence);
      assert.match(notes.join('; '), sentence);
      // An owner that could not be read may carry any UID, so this UID does not become the key of the incident.
      assert.match(key, what === 'is owned by what it owns' ? /^ro-1$/ : /^claim-[0-9a-f]{32}$/);
    });

  it('is retried if the API of a built-in controller does not answer', async () => {
    await assert.rejects(resolved(portsOf({ objects: [cart([set])], busy: 'ReplicaSet' })), Transient);
  });

  const set = { kind: 'ReplicaSet', name: 'cart-7d9f', uid: 'rs-1', apiVersion: 'apps/v1' };
  const deployment = { kind: 'Deployment', name: 'cart', uid: 'de-1', apiVersion: 'apps/v1' };
  const labelled = { metadata: { labels: { app: 'cart' } } };
  const selecting = (apiVersion: string) => ({
    apiVersion,
    spec: { selector: { matchLabels: { app: 'cart' } } },
    ...labelled,
  });
  const shop = [
    object('ReplicaSet', 'cart-7d9f', 'rs-1', selecting('apps/v1'), [deployment]),
    object('Deployment', 'cart', 'de-1', selecting('apps/v1')),
  ];
  const evil = (owner: Owner) =>
    object('Pod', 'evil', 'pod-9', { spec: { containers: [] }, metadata: { labels: { app: 'evil' } } }, [owner]);
  const NAMED: Target = { ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } };

  it('treats a pod as its own workload if its labels do not match the controller that it names', async () => {
    for (const owner of [set, deployment, { ...set, apiVersion: 'v1', kind: 'Pod', name: 'cart-1', uid: 'pod-1' }]) {
      const ports = portsOf({ objects: [...shop, cart([set], labelled), evil(owner)] });
      const { key, target, subjects, notes } = await resolved(ports, { ...CART, pod: 'evil' });
      assert.deepEqual([key, target.workload], ['pod-9', undefined]);
      assert.deepEqual(
        subjects.map((s) => (s.kind === 'pod' ? [s.owners, s.ownersUnread] : undefined)),
        [[[], undefined]],
      );
      assert.match(notes.join('; '), /pod evil: it names \S+ \S+ as its controller, .* this reference is ignored/);
    }
  });

  it('holds the pods of a named workload, and none that only names it as owner', async () => {
    const borrowed = { kind: 'Rollout', name: 'x', uid: 'de-1', controller: true };
    for (const owner of [set, deployment, borrowed]) {
      // The pod that borrows a UID is listed first. It must not answer for the owner of the others.
      const objects = [cart([set], { ...labelled, spec: { containers: [] } }), ...shop, evil(owner)];
      const { key, subjects } = await resolved(portsOf({ objects, denied: 'Rollout' }), NAMED);
      assert.deepEqual([key, subjects.map((s) => s.uid)], ['de-1', ['de-1', 'pod-1']]);
    }
  });

  it('does not bring a pod to the incident of a workload whose UID it gives to an unreadable owner', async () => {
    for (const [kind, denied] of [
      ['Rollout', 'Rollout'],
      ['Rollout', undefined],
      ['Deployment', undefined],
    ] as const) {
      const borrowed = { kind, name: 'x', uid: 'de-1', controller: true };
      const ports = portsOf({ objects: [...shop, evil(borrowed)], ...(denied === undefined ? {} : { denied }) });
      assert.match((await resolved(ports, { ...CART, pod: 'evil' })).key, /^claim-/);
    }
  });

  it('finds a workload and its pods although the controller above it cannot be read', async () => {
    const objects = [
      object('ReplicaSet', 'cart-7d9f', 'rs-1', selecting('apps/v1'), [
        { kind: 'Rollout', name: 'cart', uid: 'ro-1', controller: true },
      ]),
      cart([set], labelled),
    ];
    const asked: Target = { ...SHOP, namespace: 'shop', workload: { kind: 'ReplicaSet', name: 'cart-7d9f' } };
    const named = await resolved(portsOf({ objects, denied: 'Rollout' }), asked);
    assert.deepEqual(
      named.subjects.map((s) => s.uid),
      ['rs-1', 'pod-1'],
    );
    assert.equal((await resolved(portsOf({ objects, denied: 'Rollout' }))).key, named.key);
  });

  it('treats a mirror pod, which its Node owns, as a bare pod', async () => {
    const { subject, key } = await podOf({
      objects: [cart([{ kind: 'Node', name: 'n1', uid: 'node-1', controller: true }])],
    });
    assert.deepEqual([subject.owners, key], [[], 'pod-1']);
  });
});

describe('resolving hosts', () => {
  const host = async (world: World) => (await podOf(world)).subject.host;

  it('names the VM by its instance id', async () => {
    assert.deepEqual(await host({ objects: [cart()] }), {
      id: VM.id,
      node: 'n1',
      nodeUid: 'node-1',
      project: 'p1',
      zone: 'europe-west1-b',
      instance: 'n1',
    });
  });

  const bare = { id: 'node-1', node: 'n1', nodeUid: 'node-1' };
  const denied = async () => {
    throw new Denied('no');
  };
  const without: Array<[string, Omit<World, 'objects'> & { node?: KubeObject }, RegExp]> = [
    [
      'is of another provider',
      { node: object('Node', 'n1', 'node-1', { spec: { providerID: 'kind://x' } }) },
      /names no Compute Engine VM/,
    ],
    [
      'says it is in another project',
      { node: object('Node', 'n1', 'node-1', { spec: { providerID: 'gce://p2/europe-west1-b/n1' } }) },
      /VM of another project, p2/,
    ],
    [
      'was registered for another VM of that name',
      {
        node: object('Node', 'n1', 'node-1', {
          spec: { providerID: 'gce://p1/europe-west1-b/n1' },
          metadata: { annotations: { 'container.googleapis.com/instance_id': '99' } },
        }),
      },
      /was recreated after the node registered/,
    ],
    ['has lost its VM', { instance: async () => undefined }, /its VM n1 does not exist/],
    [
      'is one of Autopilot',
      { instance: denied, description: { ...DESCRIPTION, autopilot: true } },
      /not visible on Autopilot/,
    ],
  ];
  for (const [what, { node, ...world }, sentence] of without)
    it(`names a node that ${what} by the node's own UID, and says so`, async () => {
      const { subject, notes } = await podOf({ ...world, objects: [cart(), ...(node === undefined ? [] : [node])] });
      assert.deepEqual(subject.host, bare);
      assert.match(notes.join('; '), sentence);
    });

  const saying = (id: string): KubeObject =>
    object('Node', 'n1', 'node-1', {
      spec: NODE.spec,
      metadata: { annotations: { 'container.googleapis.com/instance_id': id } },
    });
  const exhausted = async (): Promise<never> => {
    throw new Transient('Quota exceeded for quota metric read_requests');
  };

  it('takes the id that a node says, unconfirmed, while its VM cannot be read', async () => {
    const { subject, notes } = await podOf({ objects: [cart(), saying(VM.id)], instance: exhausted });
    const confirmed = await podOf({ objects: [cart(), saying(VM.id)] });
    assert.deepEqual(subject.host, { ...confirmed.subject.host, unconfirmed: true });
    assert.match(notes.join('; '), /node n1: the id of its VM is what the node says \(Quota exceeded/);
  });

  for (const id of ['', '0', '12a', '../42', '1'.repeat(21)])
    it(`is retried while its VM cannot be read and the node says that its id is "${id}"`, async () => {
      await assert.rejects(resolved(portsOf({ objects: [cart(), saying(id)], instance: exhausted })), Transient);
    });

  it('is retried while its VM cannot be read and the node does not say its id', async () => {
    await assert.rejects(resolved(portsOf({ objects: [cart()], instance: exhausted })), Transient);
  });

  it('is retried if the VM should be readable but was denied', async () => {
    await assert.rejects(resolved(portsOf({ objects: [cart()], instance: denied })), Transient);
  });

  it('gives no host for a pod without a node', async () => {
    const { subject, notes } = await podOf({ objects: [cart([], { spec: { containers: [] } })] });
    assert.deepEqual([subject.host, notes], [undefined, ['pod cart-1 has no node yet']]);
  });

  it('recognises a Windows node by its label', async () => {
    const labels = { 'kubernetes.io/os': 'windows' };
    const node = object('Node', 'n1', 'node-1', { spec: NODE.spec, metadata: { labels } });
    assert.equal((await podOf({ objects: [cart(), node] })).subject.windows, true);
  });

  it('keeps the labels that the policy uses, and no others', async () => {
    const ports = portsOf({ objects: [cart([], { metadata: { labels: { team: 'a', app: 'cart' } } })] });
    const answer = await resolve(ports, CART, timeOf(NOW), { labelKeys: ['team', 'tier'], attribute: true });
    const [subject] = 'refused' in answer ? [] : answer.subjects;
    assert.deepEqual(subject?.kind === 'pod' ? subject.labels : undefined, { team: 'a' });
  });
});

describe('resolving nodes and other targets', () => {
  const instance: Target = { ...SHOP, instance: VM.id };
  const annotated = object('Node', 'n1', 'node-1', {
    spec: NODE.spec,
    metadata: { annotations: { 'container.googleapis.com/instance_id': VM.id } },
  });

  it('finds a node by the instance id alone', async () => {
    const { key, subjects } = await resolved(portsOf({ objects: [annotated] }), instance);
    assert.deepEqual([key, subjects.map((s) => [s.kind, s.uid])], [VM.id, [['node', VM.id]]]);
  });

  it('finds a node by its name only if it existed before the event', async () => {
    const young = object('Node', 'n1', 'node-1', {
      spec: NODE.spec,
      metadata: { creationTimestamp: timeOf(NOW + 3000) },
    });
    const named = await resolved(portsOf({ objects: [young] }), { ...SHOP, node: 'n1' });
    assert.deepEqual([named.subjects, named.notes.length], [[], 1]);
    const byUid = await resolved(portsOf({ objects: [young] }), { ...SHOP, node: 'n1', instance: VM.id });
    assert.equal(byUid.subjects.length, 1);
  });

  it('does not take a node whose VM has another id', async () => {
    const answer = await resolved(portsOf({ objects: [] }), { ...SHOP, node: 'n1', instance: '99' });
    assert.deepEqual([answer.subjects, answer.key], [[], '99']);
  });

  it('brings a node alert to the incident of a pod on the node, but a request to the node itself', async () => {
    const ports = portsOf({ objects: [] });
    const held = pod({ host: { id: VM.id, node: 'n1', nodeUid: 'node-1' } });
    const incident = incidentOn({ subjects: [held], target: { ...SHOP, namespace: 'shop', pod: 'cart-1' } });
    const bus = { publish: async () => '1' };
    await putIncident({ ...ports, bus }, incident, null);
    await holdSubjects(ports.stores, incident.id, incident.subjects, []);
    const node: Target = { ...SHOP, node: 'n1' };
    assert.deepEqual(await resolved(ports, node), {
      key: incident.key,
      target: incident.target,
      subjects: [],
      notes: [],
    });
    const asked = await resolve(ports, node, timeOf(NOW), { labelKeys: [], attribute: false });
    assert.equal('refused' in asked ? undefined : asked.key, VM.id);
  });

  const nothing: Array<[string, Target, RegExp]> = [
    [
      'a workload of a kind that cannot be looked up',
      { ...SHOP, namespace: 'shop', workload: { kind: 'Rollout', name: 'cart' } },
      /name its pod/,
    ],
    [
      'a workload that is gone',
      { ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } },
      /does not exist now/,
    ],
    ['a pod without its namespace', { ...SHOP, pod: 'cart-1' }, /without its namespace/],
    ['a node that is gone', { ...SHOP, node: 'n9' }, /does not exist now/],
  ];
  for (const [what, target, sentence] of nothing)
    it(`finds nothing for ${what}, and says why`, async () => {
      const { subjects, notes } = await resolved(portsOf({ objects: [] }), target);
      assert.deepEqual(subjects, []);
      assert.match(notes[0] ?? '', sentence);
    });
});
