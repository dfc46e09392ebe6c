import { strict as assert } from 'node:assert';
import { type Identities, staysValid } from '../../../../shared/containment/verdicts/stays-valid.ts';
import type { Instance } from '../../../../shared/model/compute.ts';
import { kubeObject } from './objects.ts';

const VM: Instance = {
  id: '1',
  name: 'n1',
  project: 'p1',
  zone: 'europe-west1-b',
  status: 'RUNNING',
  createdAt: '2026-11-03T03:00:00.000Z',
  tags: { items: [], fingerprint: '' },
  metadata: { items: {}, fingerprint: '' },
  labels: {},
  disks: [],
  interfaces: [],
  serviceAccounts: [],
};

const known = (given: Partial<Identities> = {}): Identities => ({
  project: 'p1',
  cluster: { project: 'p1', location: 'europe-west1', cluster: 'c1' },
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
        'kubectl --context=gke_p1_europe-west1_c1 -n shop delete serviceaccount cart',
        "gcloud iam service-accounts remove-iam-policy-binding cart@p1.iam.gserviceaccount.com --role=roles/iam.workloadIdentityUser --member='serviceAccount:p1.svc.id.goog[shop/cart]' --project=p1",
        'gcloud iam service-accounts disable cart@p1.iam.gserviceaccount.com --project=p1',
        'kubectl --context=gke_p1_europe-west1_c1 -n shop delete rolebinding cart-reader',
        'kubectl --context=gke_p1_europe-west1_c1 -n shop delete secret cart-db',
      ],
    );
  });

  it("names the account's own project, or that of the cluster where the address names none", () => {
    const emails = ['nodes@p2.iam.gserviceaccount.com', '12345-compute@developer.gserviceaccount.com'];
    const instance = { ...VM, serviceAccounts: emails.map((email) => ({ email, scopes: [] })) };
    const { revoke } = staysValid(known({ serviceAccount: undefined, bindings: [], secrets: [], instance }));
    assert.deepEqual(
      revoke.slice(1).map(({ command }) => command),
      [
        'gcloud iam service-accounts disable nodes@p2.iam.gserviceaccount.com --project=p2',
        'gcloud iam service-accounts disable 12345-compute@developer.gserviceaccount.com --project=p1',
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
