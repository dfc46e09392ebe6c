import { callRule } from '../call-rule.ts';
import { REMOVALS } from '../calls.ts';
import { shownDeed } from '../claim.ts';

/** Somebody deleted a certificate request, and with it the trace of the certificate. */
export const certificateRequestDeleted = callRule({
  id: 'certificate-request-deleted',
  title: 'Certificate request deleted by hand',
  sees: 'A deletion of a CertificateSigningRequest by anyone but the controller that cleans them up.',
  why: 'These requests expire by themselves. The usual reason to delete one is to hide it.',
  technique: [{ id: 'T1070', name: 'Indicator Removal' }],
  severity: 'medium',
  confidence: 0.6,
  family: 'identity',
  falsePositives: ['Cleanup by administrators'],
  calls: [{ resources: ['certificates.k8s.io/certificatesigningrequests'], verbs: REMOVALS }],
  example: 'kubectl delete csr ana',
  match: (signal) => ({ because: [shownDeed(signal, 'deleted', 'delete')] }),
});
