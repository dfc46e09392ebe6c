import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { placesOf, protectionOf } from '../../../shared/decision/protection.ts';
import type { Subject } from '../../../shared/model/subject.ts';
import type { Target } from '../../../shared/model/target.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { NOW, pod } from './fixtures.ts';

const CLUSTER = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
const workload: Subject = {
  kind: 'workload',
  uid: 'd-1',
  namespace: 'shop',
  owner: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', uid: 'd-1' },
  addedAt: timeOf(NOW),
};
const node: Subject = { kind: 'node', uid: '1', host: { id: '1', node: 'n1', nodeUid: 'u1' }, addedAt: timeOf(NOW) };
const highest = (
  protection: { namespace: string; workload?: string },
  subjects: Subject[],
  target: Partial<Target> = {},
) =>
  protectionOf(
    { protected: [{ ...protection, tier: 'observe' }] },
    placesOf({ subjects, target: { ...CLUSTER, ...target } }),
  ).tier;

describe('protection', () => {
  it('holds for a workload that was named without a pod, by its namespace, kind and name', () => {
    assert.equal(highest({ namespace: 'shop' }, [workload]), 'observe');
    assert.equal(highest({ namespace: 'shop', workload: 'Deployment/cart' }, [workload]), 'observe');
    assert.equal(highest({ namespace: 'shop', workload: 'ledger' }, [workload]), 'delete-host');
    assert.equal(highest({ namespace: 'payments' }, [workload]), 'delete-host');
  });

  it('holds for a pod by its own name and by each of its controllers', () => {
    for (const name of ['cart-5d-x', 'Pod/cart-5d-x', 'ReplicaSet/r', 'Deployment/d'])
      assert.equal(
        highest({ namespace: 'shop', workload: name }, [
          pod({
            name: 'cart-5d-x',
            owners: ['ReplicaSet/r', 'Deployment/d'].map((owner) => {
              const [kind = '', of = ''] = owner.split('/');
              return { apiVersion: 'apps/v1', kind, name: of, uid: of };
            }),
          }),
        ]),
        'observe',
        name,
      );
  });

  it('does not hold for a node, which is in no namespace', () => {
    assert.equal(highest({ namespace: '*' }, [node]), 'delete-host');
    assert.equal(highest({ namespace: 'shop' }, [node, workload]), 'observe');
  });

  it('holds for the place that a target names, if no subject was found', () => {
    const named = { namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } };
    assert.equal(highest({ namespace: 'shop' }, [], named), 'observe');
    assert.equal(highest({ namespace: 'shop', workload: 'cart' }, [], named), 'observe');
    assert.equal(highest({ namespace: 'shop', workload: 'ledger' }, [], named), 'delete-host');
    assert.equal(highest({ namespace: 'shop' }, [], { namespace: 'shop' }), 'delete-host', 'a namespace is no place');
  });

  it('holds for a pod of which only the name is known, because it may have any controller', () => {
    const named = { namespace: 'shop', pod: 'cart-5d-x' };
    assert.equal(highest({ namespace: 'shop', workload: 'cart-5d-x' }, [], named), 'observe');
    assert.equal(highest({ namespace: 'shop', workload: 'ledger' }, [], named), 'observe', 'its owners are not known');
    assert.equal(highest({ namespace: 'payments', workload: 'ledger' }, [], named), 'delete-host');
  });

  it('holds for a pod whose controllers are not all known, because it may have any, and says so', () => {
    const policy = { protected: [{ namespace: 'shop', workload: 'ledger', tier: 'snapshot' as const }] };
    const unread = { ownersUnread: 'its Rollout web cannot be read', owners: [] };
    assert.deepEqual(protectionOf(policy, placesOf({ subjects: [pod(unread)], target: CLUSTER })), {
      tier: 'snapshot',
      because:
        'not all controllers of Pod/cart-1 are known, so it counts as protected (shop, workload ledger): snapshot at most',
    });
  });

  it('gives the sentence of the protection with the lowest tier', () => {
    const { tier, because } = protectionOf(
      {
        protected: [
          { namespace: 'shop', tier: 'isolate' },
          { namespace: '*', tier: 'snapshot' },
          { namespace: 's*', tier: 'quarantine' },
        ],
      },
      placesOf({ subjects: [workload], target: CLUSTER }),
    );
    assert.deepEqual([tier, because], ['snapshot', 'namespace shop is protected (*): snapshot at most']);
  });
});
