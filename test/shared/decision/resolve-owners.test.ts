import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP } from '../../../local/world/seed.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Target } from '../../../shared/model/target.ts';
import { CART, cart, type Owner, object, podOf, portsOf, resolved, type World } from './resolving.ts';

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
