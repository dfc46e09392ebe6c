import { strict as assert } from 'node:assert';
import {
  bindingsOf,
  containerNames,
  listedPods,
  serviceAccountOf,
} from '../../../../shared/containment/verdicts/exhibits.ts';
import { kubeObject } from './objects.ts';

const binding = (name: string, subjects: object[], namespace?: string) => ({
  ...kubeObject('RoleBinding', { name, ...(namespace === undefined ? {} : { namespace }) }),
  subjects,
});

describe('containment/verdicts/exhibits', () => {
  it('names the service account of a pod, or `default` if the pod names none', () => {
    assert.equal(serviceAccountOf(kubeObject('Pod', {}, { serviceAccountName: 'cart' })), 'cart');
    assert.equal(serviceAccountOf(kubeObject('Pod')), 'default');
  });

  it('names every container: init, ordinary and ephemeral', () => {
    const spec = {
      initContainers: [{ name: 'i' }],
      containers: [{ name: 'c' }],
      ephemeralContainers: [{ name: 'e' }],
    };
    assert.deepEqual(containerNames(kubeObject('Pod', {}, spec)), ['i', 'c', 'e']);
  });

  it('lists pods by names, owners and images, and says how many it leaves out', () => {
    const spec = { initContainers: [{ image: 'a' }], containers: [{ image: 'b' }, { image: 'a' }, {}] };
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'cart', uid: 'rs-1' }];
    const one = kubeObject('Pod', { name: 'cart-1', namespace: 'shop', uid: 'pod-1', ownerReferences }, spec);
    assert.deepEqual(listedPods([one]), {
      pods: [
        {
          namespace: 'shop',
          name: 'cart-1',
          uid: 'pod-1',
          owners: [{ kind: 'ReplicaSet', name: 'cart', uid: 'rs-1' }],
          images: ['a', 'b'],
        },
      ],
      more: 0,
    });
    const { pods, more } = listedPods(Array.from({ length: 507 }, () => one));
    assert.deepEqual([pods.length, more], [500, 7]);
  });

  it('finds only the bindings of this account, with and without an explicit namespace', () => {
    const mine = { kind: 'ServiceAccount', name: 'cart' };
    const found = bindingsOf(
      [
        binding('here', [mine], 'shop'),
        binding('from-elsewhere', [{ ...mine, namespace: 'shop' }], 'tools'),
        binding('same-name-elsewhere', [{ ...mine, namespace: 'tools' }], 'shop'),
        binding('of-another-account', [{ kind: 'ServiceAccount', name: 'cart-2' }], 'shop'),
        binding('a-user', [{ kind: 'User', name: 'cart' }], 'shop'),
        binding('none', [], 'shop'),
      ],
      'shop',
      'cart',
    );
    assert.deepEqual(
      found.map((b) => b.metadata.name),
      ['here', 'from-elsewhere'],
    );
  });
});
