import { strict as assert } from 'node:assert';
import type { AuditEntryParts } from '../../../../local/scenarios/audit-entry.ts';
import { certificateSelfApproved } from '../../../../shared/detection/rules/certificate-self-approved.ts';
import { historyCases, play } from '../history-cases.ts';

const CSR = { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', name: 'ana' };
const SIGNER = 'kubernetes.io/kube-apiserver-client';
const MADE: AuditEntryParts = { ...CSR, verb: 'create' };
const APPROVED: AuditEntryParts = { ...CSR, verb: 'update', subresource: 'approval' };
/** An account with the longest name that Kubernetes allows. */
const longAccount = (end: string): string =>
  `system:serviceaccount:${'s'.repeat(63)}:${'a'.repeat(253 - end.length)}${end}`;
const BEN = { principal: 'ben@example.com' };

describe('certificate-self-approved', () => {
  historyCases(certificateSelfApproved, {
    fires: [
      [
        'made, then approved',
        [
          { s: 0, ...MADE },
          { s: 20, ...APPROVED },
        ],
      ],
      [
        'by a patch',
        [
          { s: 0, ...MADE },
          { s: 299, ...APPROVED, verb: 'patch' },
        ],
      ],
      [
        'made by server-side apply',
        [
          { s: 0, ...MADE, verb: 'patch', request: { spec: { request: 'LS0t', signerName: SIGNER } } },
          { s: 20, ...APPROVED },
        ],
      ],
      [
        'that come in another order',
        [
          { s: 20, ...APPROVED },
          { s: 0, ...MADE },
        ],
      ],
      [
        'by an account with a long name',
        [MADE, APPROVED].map((one, s) => ({ s, ...one, principal: longAccount('-1') })),
      ],
      [
        'a request whose name the server made',
        [
          { s: 0, ...MADE, name: undefined, response: { metadata: { name: 'csr-x2x4z' } } },
          { s: 5, ...APPROVED, name: 'csr-x2x4z' },
        ],
      ],
      [
        'by an account of the control plane out of its job',
        [MADE, APPROVED].map((one, s) => ({ s, ...one, principal: 'system:serviceaccount:kube-system:kube-dns' })),
      ],
    ],
    misses: [
      [
        'made, then denied',
        [
          { s: 0, ...MADE },
          { s: 20, ...APPROVED, request: { status: { conditions: [{ type: 'Denied' }] } } },
        ],
      ],
      [
        'approved by somebody else',
        [
          { s: 0, ...MADE },
          { s: 20, ...APPROVED, ...BEN },
        ],
      ],
      [
        'approved by another account whose long name begins like that',
        [MADE, APPROVED].map((one, s) => ({ s, ...one, principal: longAccount(`-${s}`) })),
      ],
      [
        'another request',
        [
          { s: 0, ...MADE },
          { s: 20, ...APPROVED, name: 'ben' },
        ],
      ],
      [
        'a while later',
        [
          { s: 0, ...MADE },
          { s: 301, ...APPROVED },
        ],
      ],
      [
        'refused',
        [
          { s: 0, ...MADE },
          { s: 20, ...APPROVED, code: 7 },
        ],
      ],
      [
        'asked for in vain',
        [
          { s: 0, ...MADE, code: 6 },
          { s: 20, ...APPROVED },
        ],
      ],
      [
        'its state',
        [
          { s: 0, ...MADE },
          { s: 20, ...APPROVED, subresource: 'status' },
        ],
      ],
      [
        'that of a mesh, for a signer of its own',
        [
          { s: 0, ...MADE, request: { spec: { signerName: 'mesh.example.com/root' } } },
          { s: 1, ...APPROVED },
        ],
      ],
      [
        'a label of it',
        [
          { s: 0, ...MADE, verb: 'patch', request: { metadata: { labels: {} } } },
          { s: 1, ...APPROVED },
        ],
      ],
      [
        'that of a node, which controllers approve',
        [
          { s: 0, ...MADE, principal: 'kubelet-nodepool-bootstrap' },
          { s: 1, ...APPROVED, principal: 'system:gcp-controller-manager' },
        ],
      ],
    ],
  });

  it('names cluster and principal as the target', () => {
    const [found] = play(certificateSelfApproved, [
      { s: 0, ...MADE },
      { s: 20, ...APPROVED },
    ]).flat();
    assert.deepEqual(found?.target, {
      project: 'p1',
      location: 'europe-west1',
      cluster: 'c1',
      principal: 'ana@example.com',
    });
  });
});
