import { strict as assert } from 'node:assert';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { PodSubject, Subject } from '../../../shared/model/subject.ts';
import { reachLines } from '../../../shared/views/ask-reach.ts';
import { asking } from '../../e2e/console-kit.ts';
import { contained, entry } from './fixtures.ts';

const pod = (n: number, over: Partial<PodSubject> = {}): PodSubject => ({
  kind: 'pod',
  uid: `pod-${n}`,
  namespace: 'shop',
  namespaceUid: 'shop',
  name: `cart-${n}`,
  createdAt: '2026-11-03T03:00:00.000Z',
  owners: [
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'cart-7d9f', uid: 'rs' },
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', uid: 'cart' },
  ],
  host: { id: `vm-${n % 2}`, node: `node-${n % 2}`, nodeUid: `node-${n % 2}` },
  hostNetwork: false,
  hostReach: false,
  windows: false,
  addedAt: '2026-11-03T03:12:04.000Z',
  ...over,
});
const holding = (...subjects: Subject[]): Incident => contained({ subjects });

describe('reachLines', () => {
  it('names what each tier is for, which may be more than the pod that the incident is about', () => {
    const two = holding(pod(1), pod(2));
    const said = (['quarantine', 'isolate', 'redeploy', 'delete-workload', 'delete-host'] as const).flatMap((tier) =>
      reachLines(two, { tier }),
    );
    assert.deepEqual(said, [
      'An approval quarantines pods shop/cart-1 and shop/cart-2.',
      'An approval cuts off nodes node-1 and node-0.',
      'An approval deletes pods shop/cart-1 and shop/cart-2, for their controller to create anew.',
      'An approval deletes Deployment shop/cart with all of its pods.',
      'An approval deletes the VM of nodes node-1 and node-0.',
    ]);
  });

  it('names only what the ask is for', () => {
    const two = holding(pod(1), pod(2));
    assert.deepEqual(reachLines(two, { tier: 'redeploy', only: ['pod-2'] }), [
      'An approval deletes pod shop/cart-2, for its controller to create anew.',
    ]);
    // A pod that only load speaks against is left alone while there is another.
    assert.deepEqual(reachLines(holding(pod(1), pod(2, { cpuOnly: true })), { tier: 'isolate' }), [
      'An approval cuts off node node-1.',
    ]);
  });

  it('names a bare pod as such, counts what is too much to list, and says nothing where nothing can be named', () => {
    assert.deepEqual(reachLines(holding(pod(1, { owners: [] })), { tier: 'delete-workload' }), [
      'An approval deletes Pod shop/cart-1.',
    ]);
    const many = holding(...Array.from({ length: 60 }, (_, n) => pod(n)));
    assert.match(reachLines(many, { tier: 'quarantine' }).join(), /cart-4 and 55 more[.]$/);
    assert.deepEqual(reachLines(holding(), { tier: 'isolate' }), []);
  });

  it('says what a budget holds, by step and subject, and not what is done already', () => {
    const on = (step: Entry['step'], subject: string, state: Entry['state']): Entry =>
      entry(step, 0, { subject, uid: subject === 'shop/cart-1' ? 'pod-1' : subject.replace('node', 'vm'), state });
    const journal = [
      on('quarantine-pod', 'shop/cart-1', 'applied'),
      on('keep-disks', 'node-1', 'held'),
      on('cordon-node', 'node-1', 'held'),
    ];
    const one = contained({ subjects: [pod(1)], journal });
    assert.deepEqual(reachLines(one, { tier: 'quarantine', lifts: true }), [
      'An approval carries out what is held: keep-disks and cordon-node on node-1.',
    ]);
    const both = [...journal, on('keep-disks', 'node-0', 'held'), on('cordon-node', 'node-0', 'held')];
    const two = contained({ subjects: [pod(1), pod(2)], journal: [...both, on('drain-node', 'node-0', 'held')] });
    assert.deepEqual(reachLines(two, { tier: 'isolate', lifts: true }), [
      'An approval cuts off nodes node-1 and node-0.',
      'An approval carries out what is held: keep-disks and cordon-node on node-1; keep-disks, cordon-node and drain-node on node-0.',
    ]);
    // What else an ask is for has nothing to do with what a budget holds.
    assert.deepEqual(reachLines(one, { tier: 'delete-host' }), ['An approval deletes the VM of node node-1.']);
  });

  it('is told with every ask by evidence', async () => {
    const kit = await asking();
    const ask = kit.published.find(({ topic, body }) => topic === 'notices' && Object(body).kind === 'ask');
    assert.equal(Object(ask?.body).lines[0], 'An approval deletes Deployment shop/cart with all of its pods.');
  });
});
