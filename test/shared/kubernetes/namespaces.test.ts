import { strict as assert } from 'node:assert';
import { isSystemNamespace } from '../../../shared/kubernetes/namespaces.ts';

describe('system namespaces', () => {
  it('are those of Kubernetes and GKE', () => {
    for (const name of ['kube-system', 'kube-public', 'kube-node-lease', 'gke-managed-system', 'gmp-public']) {
      assert.equal(isSystemNamespace(name), true, name);
    }
  });

  it('are no other namespaces', () => {
    for (const name of ['shop', 'kube-system-2', 'my-kube-system', 'my-gke-managed', 'gke', '']) {
      assert.equal(isSystemNamespace(name), false, name);
    }
  });
});
