import { strict as assert } from 'node:assert';
import { STEPS } from '../../../shared/containment/steps/registry.ts';
import { CALLS_OF, entryOf } from '../../../shared/decision/own-change.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import type { Change } from '../../../shared/model/finding.ts';
import { STEP_IDS } from '../../../shared/model/ids.ts';
import { timeOf } from '../../../shared/model/time.ts';

const NOW = Date.parse('2026-03-02T03:00:00.000Z');
const MINUTE = 60_000;
const VM = '4242424242424242424';

const entry = (over: Partial<Entry> = {}): Entry => ({
  step: 'quarantine-pod',
  subject: 'shop/cart-0',
  uid: '3f0c5b1e-6a0f-4f0e-9a55-0d1f5e0c7b11',
  state: 'applied',
  startedAt: timeOf(NOW),
  endedAt: timeOf(NOW + 2000),
  proof: 'proven',
  requestId: 'b0c1d2e3-0000-8000-8000-000000000001',
  rev: 1,
  ...over,
});
const pods = (over: Partial<Change> = {}): Change => ({
  service: 'k8s.io',
  resource: 'core/pods',
  verb: 'patch',
  namespace: 'shop',
  name: 'cart-0',
  ...over,
});
const compute = (resource: string, verb: string, name?: string): Change => ({
  service: 'compute.googleapis.com',
  resource,
  verb,
  ...(name === undefined ? {} : { name }),
});
const told = (change: Change, one: Entry, ms = 1000, releasedAt?: number): boolean =>
  entryOf(change, timeOf(NOW + ms), [one], releasedAt === undefined ? undefined : timeOf(NOW + releasedAt)) === one;

describe('a change by an identity of our own', () => {
  const node = { subject: 'node-b1', uid: VM } as const;
  const ours: Array<[Change, Partial<Entry>]> = [
    [pods(), {}],
    [pods({ resource: 'core/pods/ephemeralcontainers' }), { step: 'attach-forensics' }],
    [pods({ resource: 'core/nodes', name: 'node-b1' }), { step: 'cordon-node', ...node }],
    [
      pods({ resource: 'core/pods/eviction', verb: 'create', namespace: 'pay', name: 'till-0' }),
      { step: 'drain-node', ...node },
    ],
    [
      pods({ resource: 'networking.k8s.io/networkpolicies', verb: 'create', name: 'firebreak' }),
      { step: 'deny-pod-network', subject: 'shop' },
    ],
    [
      pods({ resource: 'apps/deployments', name: 'cart' }),
      { step: 'freeze-workload', subject: 'Deployment shop/cart' },
    ],
    [
      pods({ resource: 'example.com/carts', verb: 'delete', name: 'cart' }),
      { step: 'delete-workload', subject: 'Cart shop/cart' },
    ],
    [pods({ verb: 'delete', name: 'cart-1' }), { step: 'delete-workload', subject: 'Deployment shop/cart' }],
    [pods({ verb: 'create', namespace: 'firebreak', name: 'kill-0123' }), { step: 'kill-container' }],
    [compute('instances', 'setTags', VM), { step: 'deny-node-network', ...node }],
    [compute('instances', 'setTags', 'node-b1'), { step: 'open-investigation-access', ...node }],
    [
      compute('firewalls', 'insert', 'firebreak-default-0f0f0f-deny-egress-ipv4'),
      { step: 'deny-node-network', ...node },
    ],
    [compute('regionInstanceGroupManagers', 'abandonInstances', 'g1'), { step: 'leave-group', ...node }],
    [compute('snapshots', 'insert', 's1'), { step: 'start-snapshots', ...node }],
    [compute('instances', 'delete', VM), { step: 'delete-host', ...node }],
  ];
  for (const [change, over] of ours) {
    const { verb, resource } = change;
    it(`is ours: ${verb} ${resource} of ${over.step ?? 'quarantine-pod'}`, () => assert.ok(told(change, entry(over))));
  }

  const others: Array<[string, Change, Partial<Entry>]> = [
    ['another pod', pods({ name: 'cart-1' }), {}],
    ['another namespace', pods({ namespace: 'pay' }), {}],
    ['another verb', pods({ verb: 'delete' }), {}],
    ['another subresource', pods({ resource: 'core/pods/exec', verb: 'create' }), {}],
    ['another step', pods(), { step: 'capture-evidence' }],
    ['another service', { ...pods(), service: 'example.com' }, {}],
    ['a change without a name', pods({ name: undefined }), {}],
    ['another node', compute('instances', 'setTags', 'node-b2'), { step: 'deny-node-network', ...node }],
    ["somebody's firewall", compute('firewalls', 'insert', 'open'), { step: 'deny-node-network', ...node }],
    ['what a dry run would have done', pods(), { state: 'dry-run' }],
    ['what a step did not have to do', pods(), { state: 'skipped', requestId: undefined }],
    ['what a step was refused to do', pods(), { state: 'refused', proof: null, requestId: undefined }],
    [
      'a StatefulSet, which is never frozen',
      pods({ resource: 'apps/statefulsets', name: 'cart' }),
      { step: 'freeze-workload', subject: 'StatefulSet shop/cart' },
    ],
  ];
  for (const [what, change, over] of others) it(`is not ours: ${what}`, () => assert.ok(!told(change, entry(over))));

  describe('by its time', () => {
    const { endedAt: _, ...running } = entry({ state: 'applying' });
    const waiting: Entry = { ...running, state: 'pending' };
    const undone = entry({ state: 'undone', endedAt: timeOf(NOW + 600 * MINUTE) });
    const times: Array<[string, boolean, Entry, number, number?]> = [
      ['as it begins, by a clock that is behind', true, entry(), -30_000],
      ['before it began', false, entry(), -2 * MINUTE],
      ['long after it ended', false, entry(), 31 * MINUTE],
      ['while it is still at work, however long', true, running, 600 * MINUTE],
      ['as it was taken back', true, undone, 599 * MINUTE],
      ['between that', false, undone, 300 * MINUTE],
      ['as it is being taken back', true, entry(), 601 * MINUTE, 600 * MINUTE],
      ['as it is being taken back again, before that ends', true, undone, 301 * MINUTE, 300 * MINUTE],
      ['before it is taken back', false, entry(), 500 * MINUTE, 600 * MINUTE],
      ['long after it was taken back', false, entry(), 640 * MINUTE, 600 * MINUTE],
      ['in a release that has nothing to take back', false, entry({ state: 'failed' }), 601 * MINUTE, 600 * MINUTE],
      ['while it waits for what it has sent, however long', true, waiting, 600 * MINUTE],
      ['when its time has run out', true, entry({ until: timeOf(NOW + 240 * MINUTE) }), 240 * MINUTE],
    ];
    for (const [what, expected, one, ms, releasedAt] of times)
      it(`${expected ? 'is' : 'is not'} ours: ${what}`, () =>
        assert.equal(told(pods(), one, ms, releasedAt), expected));
  });

  describe('CALLS_OF, against the rights that the steps declare', () => {
    const WRITES = ['create', 'update', 'patch', 'delete'];
    const covers = (pattern: string, resource: string): boolean =>
      pattern.endsWith('*') ? resource.startsWith(pattern.slice(0, -1)) : pattern === resource;

    it('lists every step', () => assert.deepEqual(Object.keys(CALLS_OF), [...STEP_IDS]));

    for (const step of STEPS) {
      const calls = CALLS_OF[step.id];
      it(`lists every write that ${step.id} may send to a cluster`, () => {
        for (const { group, resource, verbs } of step.permissions.rbac) {
          const named = `${group === '' ? 'core' : group}/${resource}`;
          for (const verb of verbs.filter((one) => WRITES.includes(one)))
            assert.ok(
              calls.some((call) => call.verbs.includes(verb) && covers(call.resource, named.replace('/*', '/any'))),
              `${verb} ${named}`,
            );
        }
      });

      it(`lists no write to a cluster that ${step.id} has no right to send`, () => {
        const rights = step.permissions.rbac.flatMap(({ group, resource, verbs }) =>
          verbs.map((verb) => `${verb} ${group === '' ? 'core' : group}/${resource}`),
        );
        for (const { resource, verbs } of calls.filter((call) => /^[a-z.0-9]+\//.test(call.resource)))
          for (const verb of verbs) assert.ok(rights.includes(`${verb} ${resource}`), `${verb} ${resource}`);
      });

      it(`lists no VM change that ${step.id} has no right to make`, () => {
        const rights = [...step.permissions.iam, ...(step.permissions.optIn ?? [])];
        for (const { resource, verbs } of calls.filter((call) => call.resource === 'instances'))
          for (const verb of verbs) assert.ok(rights.includes(`compute.${resource}.${verb}`), verb);
      });
    }
  });
});
