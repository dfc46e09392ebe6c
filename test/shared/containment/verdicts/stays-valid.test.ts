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

  it('leaves out of each command only what is unsafe there, and of each kind every command', () => {
    const odd = ['a b', 'a;id', 'a$(id)', 'a`id`', "a'b", 'a\n', '-rf', '../a', 'a|b', 'a&b', 'a>b', '*', ''];
    const commands = (given: Partial<Identities>) => staysValid(known(given)).revoke.map(({ command }) => command);
    const google = (email: string) => ({
      serviceAccount: kubeObject('ServiceAccount', { annotations: { 'iam.gke.io/gcp-service-account': email } }),
    });
    for (const name of odd) {
      assert.deepEqual(
        commands({ account: name }).filter((c) => /serviceaccount|serviceAccount:|remove-iam/.test(c)),
        [],
        name,
      );
      assert.deepEqual(
        commands({ project: name }).filter((c) => /svc\.id\.goog/.test(c)),
        [],
        name,
      );
      assert.deepEqual(
        commands({ namespace: name }).filter((c) => / -n | serviceAccount:|remove-iam|delete secret/.test(c)),
        commands({}).filter((c) => /delete rolebinding/.test(c)),
        name,
      );
      assert.deepEqual(
        commands(google(`${name}@p1.iam.gserviceaccount.com `)).filter((c) => /gcloud/.test(c)),
        [],
        name,
      );
      for (const metadata of [{ name }, { name: 'ok', namespace: name }])
        assert.deepEqual(
          commands({ bindings: [kubeObject('RoleBinding', metadata)] }).filter((c) => /rolebinding/.test(c)),
          [],
          name,
        );
      assert.deepEqual(
        commands({ secrets: [{ name, by: [] }] }).filter((c) => /secret/.test(c)),
        [],
        name,
      );
    }
    assert.ok(commands({}).length >= 5);
  });

  it('says without a namespace what a cluster-wide binding grants, and names it with its colons', () => {
    const { namespace: _, ...metadata } = kubeObject('ClusterRoleBinding', { name: 'system:ops:cart' }).metadata;
    const bindings = [{ ...kubeObject('ClusterRoleBinding'), metadata }];
    const commands = staysValid(known({ bindings })).revoke.map(({ command }) => command);
    assert.ok(
      commands.includes('kubectl --context=gke_p1_europe-west1_c1 delete clusterrolebinding system:ops:cart'),
      commands.join(),
    );
  });

  it('lists the identity of the node with its scopes, and disables it only by a valid address', () => {
    const account = (email: string) => ({ email, scopes: ['https://www.googleapis.com/auth/cloud-platform'] });
    const instance = {
      id: '1',
      name: 'n',
      project: 'p1',
      zone: 'europe-west1-b',
      status: 'RUNNING',
      createdAt: '2026-03-02T03:00:00.000Z',
      tags: { items: [], fingerprint: '' },
      metadata: { items: {}, fingerprint: '' },
      labels: {},
      disks: [],
      interfaces: [],
      serviceAccounts: [account('nodes@p1.iam.gserviceaccount.com'), account('x; id')],
    };
    const found = staysValid(known({ instance, unread: ['the service account: denied'] }));
    assert.deepEqual(found.node, instance.serviceAccounts);
    assert.deepEqual(found.unread, ['the service account: denied']);
    assert.deepEqual(
      found.revoke.map(({ command }) => command).filter((command) => /disable/.test(command)),
      [
        'gcloud iam service-accounts disable cart@p1.iam.gserviceaccount.com --project=p1',
        'gcloud iam service-accounts disable nodes@p1.iam.gserviceaccount.com --project=p1',
      ],
    );
  });

  it('names no Google identity where the service account has none, or could not be read', () => {
    for (const serviceAccount of [undefined, kubeObject('ServiceAccount', { name: 'cart' })]) {
      const found = staysValid(known({ serviceAccount }));
      assert.equal('googleServiceAccount' in found, false);
      assert.equal(
        found.revoke.some(({ command }) => /gcloud/.test(command)),
        false,
      );
    }
  });
});
