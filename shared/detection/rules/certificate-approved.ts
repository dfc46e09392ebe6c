import { quote } from '../../text.ts';
import { callRule } from '../call-rule.ts';
import { CERTIFICATE_APPROVALS, deniesRequest, isLogin, signerIn } from '../certificate-request.ts';
import { shownDeed } from '../claim.ts';

/** Somebody approved a certificate request. A refused attempt is medium at 0.65. */
export const certificateApproved = callRule({
  id: 'certificate-approved',
  title: 'Certificate approved by hand',
  sees: 'An approval of a CertificateSigningRequest, or an attempt at one, by anyone but the system components of the cluster; low 0.40 for a signer outside kubernetes.io, whose certificates the API server does not accept. A denial does not count.',
  why: 'An approved certificate is a login. In GKE, controllers approve the certificates of nodes, and hardly anyone else has a reason to approve one.',
  technique: [{ id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' }],
  severity: 'high',
  confidence: 0.75,
  family: 'identity',
  falsePositives: ['Administrators who issue certificates', 'Meshes, with their own signers'],
  calls: [CERTIFICATE_APPROVALS],
  example: 'kubectl certificate approve ana',
  match: (signal) => {
    if (deniesRequest(signal)) return undefined;
    const because = [shownDeed(signal, 'approved', 'approve')];
    // The body of an update names the signer, and so does the answer to a patch.
    const signer = signerIn(signal.response, signal.request);
    return signer === undefined || isLogin(signer)
      ? { because }
      : { because: [...because, `the requested signer is ${quote(signer, 253)}`], severity: 'low', confidence: 0.4 };
  },
});
