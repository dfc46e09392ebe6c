import { quote } from '../../text.ts';
import { isAllowedPair } from '../allowed-pairs.ts';
import { callRule } from '../call-rule.ts';
import { certificateRequestOf } from '../certificate-request.ts';
import { shownCaller, shownObject } from '../claim.ts';
import type { Sighting } from '../rule.ts';

/** The signer whose certificates are logins to the API server. */
const CLIENT = 'kubernetes.io/kube-apiserver-client';

/** Somebody asked for a certificate to log in with. */
export const certificateRequested = callRule({
  id: 'certificate-requested',
  title: 'Client certificate asked for',
  sees: `A CertificateSigningRequest by anyone but nodes and the machinery of the cluster: high if its signer is ${CLIENT}, or if it is to make its owner one of system:masters (by whomever), else medium at 0.60; low at 0.40 for a signer that is none of Kubernetes, whose certificates its API server does not take.`,
  why: 'Such a certificate is a login that lasts for months, belongs to no account and cannot be taken back.',
  technique: [
    { id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' },
    { id: 'T1550', name: 'Use Alternate Authentication Material' },
  ],
  severity: 'high',
  confidence: 0.9,
  family: 'identity',
  falsePositives: ['Meshes and cert-manager, with signers of their own'],
  // No principal is expected to become administrator.
  calls: [{ resources: ['certificates.k8s.io/certificatesigningrequests'], verbs: ['create'], expected: 'everywhere' }],
  example: `a CertificateSigningRequest with signerName: ${CLIENT}`,
  match: (signal) => {
    const { masters, signer } = certificateRequestOf(signal);
    if (signal.outcome === 'failed' || (!masters && isAllowedPair(signal) && signer !== CLIENT)) return undefined;
    const did = signal.outcome === 'ok' ? 'made' : 'tried to make';
    return {
      because: [
        `${shownCaller(signal)} ${did} ${shownObject(signal)}`,
        ...(signer === undefined ? [] : [`it is to be signed by ${quote(signer, 253)}`]),
        ...(masters ? ['it asks for the group system:masters, which no role limits'] : []),
      ],
      ...(masters || signer === CLIENT ? {} : lesser(signer)),
    };
  },
});

const lesser = (signer: string | undefined): Pick<Sighting, 'severity' | 'confidence'> =>
  signer === undefined || signer.startsWith('kubernetes.io/')
    ? { severity: 'medium', confidence: 0.6 }
    : { severity: 'low', confidence: 0.4 };
