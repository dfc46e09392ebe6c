import { strict as assert } from 'node:assert';
import { type Identities, staysValid } from '../../../../shared/containment/verdicts/stays-valid.ts';
import { kubeObject } from './objects.ts';

const known = (given: Partial<Identities> = {}): Identities => ({
  project: 'p1',
  namespace: 'shop',
  account: 'cart',
  serviceAccount: kubeObject('ServiceAccount', {
    name: 'cart',
    annotations: { 'iam.gke.io/gcp-service-account': 'cart@p1.iam.gserviceaccount.com' },
  }),
  bindings: [kubeObject('RoleBinding', { name: 'cart-reader' })],
  secrets: [{ name: 'cart-db', by: ['env DB'] }],
  instance: undefined,
  unread: [],
  ...given,
});

describe('containment/verdicts/stays-valid', () => {
  it('lists the identities, with the commands that revoke them', () => {
    const { revoke, ...rest } = staysValid(known());
    assert.deepEqual(rest, {
      serviceAccount: 'shop/cart',
      googleServiceAccount: 'cart@p1.iam.gserviceaccount.com',
      bindings: [{ kind: 'RoleBinding', name: 'cart-reader' }],
      secrets: [{ name: 'cart-db', by: ['env DB'] }],
      node: [],
      unread: [],
    });
    assert.deepEqual(
      revoke.map(({ command }) => command),
      [
        'kubectl -n shop delete serviceaccount cart',
        "gcloud iam service-accounts remove-iam-policy-binding cart@p1.iam.gserviceaccount.com --role=roles/iam.workloadIdentityUser --member='serviceAccount:p1.svc.id.goog[shop/cart]'",
        'gcloud iam service-accounts disable cart@p1.iam.gserviceaccount.com',
        'kubectl -n shop delete rolebinding cart-reader',
        'kubectl -n shop delete secret cart-db',
      ],
    );
  });

  it('writes no command for a name that a shell could read as more than a name', () => {
    const { revoke } = staysValid(
      known({
        account: 'x; rm -rf /',
        bindings: [kubeObject('RoleBinding', { name: 'a$(id)' })],
        secrets: [{ name: '`id`', by: [] }],
        serviceAccount: kubeObject('ServiceAccount', { annotations: { 'iam.gke.io/gcp-service-account': "a'@b.c;" } }),
      }),
    );
    assert.deepEqual(revoke, []);
  });
});
