import type { ThreatRule } from '../rule.ts';
import { claimsOf } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'critical',
    confidence: 0.95,
    conclusive: true,
    names: [
      'Initial Access: Anonymous GKE Resource Created from the Internet',
      'GKE_RESOURCE_CREATED_ANONYMOUSLY_FROM_INTERNET',
      'Initial Access: GKE Resource Modified Anonymously from the Internet',
      'GKE_RESOURCE_MODIFIED_ANONYMOUSLY_FROM_INTERNET',
      'GKE_RESOURCE_MODIFIED_ANONYMOUSLY',
      'Defense Evasion: Anonymous Sessions Granted Cluster Admin Access',
      'ANONYMOUS_SESSIONS_GRANTED_CLUSTER_ADMIN',
    ],
  },
  {
    severity: 'high',
    confidence: 0.9,
    names: [
      'Privilege Escalation: Effectively Anonymous Users Granted GKE Cluster Access',
      'GKE_ANONYMOUS_USERS_GRANTED_ACCESS',
    ],
  },
]);

/** Security Command Center saw callers without a credential change a cluster, or be let in. */
export const sccAnonymousAccess: ThreatRule = {
  id: 'scc-anonymous-access',
  reads: 'threat',
  feed: 'security-command-center',
  names,
  title: 'Security Command Center: anonymous access',
  sees: 'A finding about a change in a cluster by an anonymous caller, or about a role bound to anonymous callers.',
  why: 'Anyone who can reach the API server gets the rights of anonymous callers. Security Command Center itself rates some of these findings low.',
  technique: [
    { id: 'T1078.001', name: 'Valid Accounts: Default Accounts' },
    { id: 'T1190', name: 'Exploit Public-Facing Application' },
  ],
  severity: 'critical',
  confidence: 0.95,
  family: 'threat-feed',
  conclusive: true,
  falsePositives: ['Bindings of public roles, such as system:public-info-viewer'],
  example: 'Initial Access: GKE Resource Modified Anonymously from the Internet',
  match: sightingOf,
};
