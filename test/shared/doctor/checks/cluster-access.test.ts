import { strict as assert } from 'node:assert';
import { cluster, type Json, part, tellsOf } from '../broken.ts';
import { type Deployment, healthy } from '../deployment.ts';
import { statusesOf } from '../kit.ts';

const object = (d: Deployment, kind: string, name: string): Json => {
  const found = cluster(d).objects.find((one) => one.kind === kind && Object(one.metadata).name === name);
  assert.ok(found, `${kind} ${name}`);
  return found;
};
const C1 = 'p1/europe-west1/c1';
const RBAC =
  /get-credentials c1 .* && firebreak rbac --project p1 --user contain=104857\d+ .* --protect 'gke-\*' .* \| kubectl apply -f -$/;

tellsOf('cluster-access', [
  {
    what: 'a role that is gone',
    status: 'fail',
    subject: C1,
    says: /ClusterRole firebreak-contain is missing/,
    next: RBAC,
    breaks: (d) => {
      const all = cluster(d);
      all.objects = all.objects.filter((one) => one !== object(d, 'ClusterRole', 'firebreak-contain'));
    },
  },
  {
    what: 'a role that grants more',
    status: 'fail',
    subject: C1,
    says: /ClusterRole firebreak-decide differs from .* \(rules\)/,
    next: RBAC,
    breaks: (d) =>
      void Object(object(d, 'ClusterRole', 'firebreak-decide').rules).push({
        apiGroups: ['*'],
        resources: ['*'],
        verbs: ['*'],
      }),
  },
  {
    what: 'a binding to somebody else too',
    status: 'fail',
    subject: C1,
    says: /ClusterRoleBinding firebreak-contain differs from .* \(subjects\)/,
    next: RBAC,
    breaks: (d) =>
      void Object(object(d, 'ClusterRoleBinding', 'firebreak-contain').subjects).push({
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'User',
        name: 'eve@example.com',
      }),
  },
  {
    what: 'an admission policy that only warns',
    status: 'fail',
    subject: C1,
    says: /ValidatingAdmissionPolicyBinding firebreak-contain differs from .* \(spec.validationActions/,
    next: RBAC,
    breaks: (d) =>
      Object.assign(part(object(d, 'ValidatingAdmissionPolicyBinding', 'firebreak-contain'), 'spec'), {
        validationActions: ['Warn'],
      }),
  },
]);

describe('firebreak doctor: cluster-access', () => {
  it('accepts functions that are bound only by their email addresses', async () => {
    assert.deepEqual(await statusesOf(healthy({ ids: false }), 'cluster-access'), ['ok']);
  });
});
