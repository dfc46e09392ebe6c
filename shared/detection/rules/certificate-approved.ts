import { callRule } from '../call-rule.ts';
import { shownCaller, shownObject } from '../claim.ts';

/** Somebody approved a certificate request. A refused attempt is medium at 0.65. */
export const certificateApproved = callRule({
  id: 'certificate-approved',
  title: 'Certificate approved by hand',
  sees: 'An approval of a CertificateSigningRequest, or an attempt at one, by anyone but the system components of the cluster.',
  why: 'An approved certificate is a login. In GKE, controllers approve the certificates of nodes, and hardly anyone else has a reason to approve one.',
  technique: [{ id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' }],
  severity: 'high',
  confidence: 0.75,
  family: 'identity',
  falsePositives: ['Administrators who issue certificates'],
  calls: [{ resources: ['certificates.k8s.io/certificatesigningrequests/approval'], verbs: ['update', 'patch'] }],
  example: 'kubectl certificate approve ana',
  match: (signal) => {
    if (signal.outcome === 'failed') return undefined;
    const did = signal.outcome === 'ok' ? 'approved' : 'tried to approve';
    return { because: [`${shownCaller(signal)} ${did} ${shownObject(signal)}`] };
  },
});
