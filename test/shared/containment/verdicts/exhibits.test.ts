import { strict as assert } from 'node:assert';
import { bindingsOf, containerNames, serviceAccountOf } from '../../../../shared/containment/verdicts/exhibits.ts';
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
