import { quote } from '../../text.ts';
import { isAllowedPair } from '../allowed-pairs.ts';
import { callRule } from '../call-rule.ts';
import { CERTIFICATE_REQUESTS, certificateRequestOf, isLogin } from '../certificate-request.ts';
import { shownDeed } from '../claim.ts';
import type { Sighting } from '../rule.ts';

/** The signer whose certificates are logins to the API server. */
const CLIENT = 'kubernetes.io/kube-apiserver-client';

/** Somebody asked for a certificate to log in with. */
export const certificateRequested = callRule({
  id: 'certificate-requested',
  title: 'Client certificate requested',
  sees: `A CertificateSigningRequest by anyone but nodes and the system components of the cluster: high if its signer is ${CLIENT}, or if it requests the group system:masters (by any principal at all); medium 0.60 otherwise; low 0.40 for a signer outside kubernetes.io, whose certificates the API server does not accept.`,
  why: 'Such a certificate is a login that is valid for months, belongs to no account and cannot be revoked.',
  technique: [
    { id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' },
    { id: 'T1550', name: 'Use Alternate Authentication Material' },
  ],
  severity: 'high',
  confidence: 0.9,
  family: 'identity',
  falsePositives: ['Meshes and cert-manager, with their own signers'],
  // No principal is expected to become administrator.
  calls: [CERTIFICATE_REQUESTS],
  example: `a CertificateSigningRequest with signerName: ${CLIENT}`,
  match: (signal) => {
    const asked = certificateRequestOf(signal);
    if (asked === undefined) return undefined;
    const { masters, signer } = asked;
    if (!masters && isAllowedPair(signal) && signer !== CLIENT) return undefined;
    return {
      because: [
        shownDeed(signal, 'made', 'make'),
        ...(signer === undefined ? [] : [`the requested signer is ${quote(signer, 253)}`]),
        ...(masters ? ['it requests the group system:masters, which no role limits'] : []),
      ],
      ...(masters || signer === CLIENT ? {} : lesser(signer)),
    };
  },
});

const lesser = (signer: string | undefined): Pick<Sighting, 'severity' | 'confidence'> =>
  isLogin(signer) ? { severity: 'medium', confidence: 0.6 } : { severity: 'low', confidence: 0.4 };
