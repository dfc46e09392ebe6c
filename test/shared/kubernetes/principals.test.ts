import { strict as assert } from 'node:assert';
import { principalClassOf } from '../../../shared/kubernetes/principals.ts';
import type { PrincipalClass } from '../../../shared/model/signal.ts';

const CASES: Readonly<Record<PrincipalClass, readonly string[]>> = {
  system: [
    'system:kube-scheduler',
    'system:apiserver',
    'system:addon-manager',
    'system:node:gke-c1-pool-1-9d8e7f6a-c1',
    'system:gke-common-webhooks',
    'system:serviceaccount:kube-system:replicaset-controller',
    'system:serviceaccount:gke-managed-system:agent',
    'kubelet-nodepool-bootstrap',
    'gcp:kube-bootstrap',
    'service-1234567890@container-engine-robot.iam.gserviceaccount.com',
  ],
  automation: [
    'deployer@p1.iam.gserviceaccount.com',
    'Deployer@P1.IAM.GServiceAccount.com',
    // A pod gets this identity from its node's metadata server, so nobody may trust it.
    '1234567890-compute@developer.gserviceaccount.com',
    'principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/subject/repo',
  ],
  workload: ['system:serviceaccount:shop:cart', 'p1.svc.id.goog[shop/cart]'],
  human: [
    'ana@example.com',
    'mallory@evilgserviceaccount.com',
    'mallory@gserviceaccount.com.example.com',
    'principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/ana',
  ],
  anonymous: ['system:anonymous', 'system:unauthenticated'],
  unattributed: [
    'minikube-user',
    'admin',
    'system:masters',
    'system:anonymous\u200b',
    ' system:anonymous',
    'xsystem:kube-scheduler',
    'system:serviceaccount:kube-system',
    'ana@localhost',
    '',
  ],
};

describe('the class of a principal', () => {
  for (const [expected, names] of Object.entries(CASES)) {
    for (const name of names) {
      it(`is ${expected} for ${JSON.stringify(name)}`, () => assert.equal(principalClassOf(name), expected));
    }
  }

  it('is unattributed without a principal', () => assert.equal(principalClassOf(undefined), 'unattributed'));
});
