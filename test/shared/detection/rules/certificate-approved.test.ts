import { certificateApproved } from '../../../../shared/detection/rules/certificate-approved.ts';
import { ruleCases } from '../cases.ts';

const BASE = {
  verb: 'update',
  group: 'certificates.k8s.io',
  resource: 'certificatesigningrequests',
  subresource: 'approval',
  name: 'ana',
};
const signedBy = (signerName: string): Record<string, unknown> => ({ spec: { signerName } });
const DENIED = { status: { conditions: [{ type: 'Denied', status: 'True', reason: 'Unknown' }] } };

describe('rule certificate-approved', () => {
  ruleCases(certificateApproved, BASE, {
    fires: [
      ['by a patch', { verb: 'patch' }],
      ['a login', { response: signedBy('kubernetes.io/kube-apiserver-client') }],
      [
        'a login that is disguised in the request',
        { request: signedBy('mesh.example.com/root'), response: signedBy('kubernetes.io/kube-apiserver-client') },
      ],
      [
        'approved, whatever the request says',
        { request: DENIED, response: { status: { conditions: [{ type: 'Approved' }] } } },
      ],
      ['for a mesh', { request: signedBy('mesh.example.com/root') }, { severity: 'low', confidence: 0.4 }],
      ['by a node', { principal: 'system:node:gke-c1-pool-1-9d8e7f6a-c1' }],
      ['refused: an attempt counts as medium', { code: 7 }, { severity: 'medium', confidence: 0.65 }],
    ],
    misses: [
      ['denied', { request: DENIED }],
      [
        'denied by an operation',
        { verb: 'patch', request: { patch: [{ op: 'add', path: '/status', value: DENIED.status }] } },
      ],
      ['denied, as only the answer shows', { verb: 'patch', response: DENIED }],
      ['by the machinery', { principal: 'system:serviceaccount:kube-system:certificate-controller' }],
      ['its state', { subresource: 'status' }],
      ['lost to a conflict', { code: 10 }],
    ],
  });
});
