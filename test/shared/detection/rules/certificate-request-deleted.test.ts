import { certificateRequestDeleted } from '../../../../shared/detection/rules/certificate-request-deleted.ts';
import { ruleCases } from '../cases.ts';

const BASE = { verb: 'delete', group: 'certificates.k8s.io', resource: 'certificatesigningrequests', name: 'ana' };

describe('rule certificate-request-deleted', () => {
  ruleCases(certificateRequestDeleted, BASE, {
    fires: [
      ['all of them', { verb: 'deletecollection', name: undefined }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.5 }],
    ],
    misses: [
      ['by the machinery', { principal: 'system:serviceaccount:kube-system:certificate-controller' }],
      ['made', { verb: 'create' }],
      ['not there', { code: 5 }],
    ],
  });
});
