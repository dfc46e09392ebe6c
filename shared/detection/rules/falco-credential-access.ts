import type { ThreatRule } from '../rule.ts';
import { claimsOf } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'high',
    confidence: 0.65,
    names: ['Find AWS Credentials', 'Find GCP Credentials', 'Search Private Keys or Passwords', 'Clear Log Activities'],
  },
  {
    severity: 'medium',
    confidence: 0.6,
    names: [
      'Contact cloud metadata service from container',
      'Contact EC2 Instance Metadata Service From Container',
      'Read sensitive file untrusted',
      'Read sensitive file trusted after startup',
      'Directory traversal monitored file read',
      'Read ssh information',
    ],
  },
  { severity: 'low', confidence: 0.4, names: ['Contact K8S API Server From Container'] },
]);

/** Falco saw a process look for credentials. */
export const falcoCredentialAccess: ThreatRule = {
  id: 'falco-credential-access',
  reads: 'threat',
  feed: 'falco',
  names,
  title: 'Falco: search for credentials',
  sees: "An alert of Falco's rules about processes that read or search for keys, passwords and tokens, query the metadata server, or wipe logs.",
  why: 'A pod is mostly a stepping stone to the credentials that it can reach.',
  technique: [
    { id: 'T1552', name: 'Unsecured Credentials' },
    { id: 'T1552.005', name: 'Unsecured Credentials: Cloud Instance Metadata API' },
  ],
  severity: 'high',
  confidence: 0.65,
  family: 'threat-feed',
  falsePositives: ['Client libraries that query the metadata server', 'Backups', 'Kubernetes operators'],
  example: 'Read sensitive file untrusted in pod shop/cart-7d9f',
  match: sightingOf,
};
