import { workloadIdentityChanged } from '../../../../shared/detection/rules/workload-identity-changed.ts';
import { madeAt } from '../../../fixtures/workloads.ts';
import { ruleCases } from '../cases.ts';

const MARK = 'iam.gke.io/gcp-service-account';
const marked = (account: unknown): Record<string, unknown> => ({ metadata: { annotations: { [MARK]: account } } });
const ADMIN = marked('admin@p1.iam.gserviceaccount.com');
const BASE = { verb: 'patch', resource: 'serviceaccounts', namespace: 'shop', name: 'cart', request: ADMIN };
const BY_AUTOMATION = { severity: 'low', confidence: 0.3 } as const;

describe('rule workload-identity-changed', () => {
  ruleCases(workloadIdentityChanged, BASE, {
    fires: [
      ['by a pod', { principal: 'system:serviceaccount:shop:cart' }],
      ['replaced by a person', { verb: 'update' }],
      [
        'by an operation',
        {
          request: {
            patch: [{ op: 'add', path: '/metadata/annotations/iam.gke.io~1gcp-service-account', value: 'x@y' }],
          },
        },
      ],
      ['by a deployer', { principal: 'system:serviceaccount:flux-system:kustomize-controller' }, BY_AUTOMATION],
      ['by infrastructure code', { principal: 'terraform@p1.iam.gserviceaccount.com' }, BY_AUTOMATION],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.35 }],
    ],
    misses: [
      ['made with it', { verb: 'create' }],
      ['made by an apply', { response: madeAt('2026-03-02T10:15:30Z') }],
      ['taken away', { request: marked(null) }],
      ['another annotation', { request: { metadata: { annotations: { team: 'shop' } } } }],
      ['replaced by a controller', { verb: 'update', principal: 'system:serviceaccount:shop:operator' }],
      ['a token', { verb: 'create', subresource: 'token' }],
      ['not there', { code: 5 }],
    ],
  });
});
