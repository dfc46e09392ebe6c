import type { ThreatRule } from '../rule.ts';
import { claimsOf } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'high',
    confidence: 0.75,
    names: [
      'Execution: Suspicious Exec or Attach to a System Pod',
      'GKE_SUSPICIOUS_EXEC_ATTACH',
      'Defense Evasion: Potential Kubernetes Pod Masquerading',
      'GKE_POD_MASQUERADING',
    ],
  },
  {
    severity: 'high',
    confidence: 0.7,
    names: ['Impact: GKE kube-dns modification detected', 'GKE_KUBE_DNS_MODIFICATION'],
  },
  {
    severity: 'low',
    confidence: 0.45,
    names: [
      'Execution: Workload triggered in sensitive namespace',
      'GKE_SENSITIVE_NAMESPACE_WORKLOAD_TRIGGERED',
      'Persistence: Service Account Created in sensitive namespace',
      'GKE_SERVICE_ACCOUNT_CREATION_SENSITIVE_NAMESPACE',
      'Defense Evasion: Static Pod Created',
      'GKE_STATIC_POD_CREATED',
    ],
  },
]);

/** Security Command Center saw somebody inside, or disguised as, a component that runs the cluster. */
export const sccSystemComponents: ThreatRule = {
  id: 'scc-system-components',
  reads: 'threat',
  feed: 'security-command-center',
  names,
  title: 'Security Command Center: system components',
  sees: 'A finding about commands in pods of kube-system, pods named like system pods, changes of the cluster DNS, and objects created in system namespaces.',
  why: 'Few people look at system namespaces, and their workloads have many rights.',
  technique: [
    { id: 'T1036.005', name: 'Masquerading: Match Legitimate Resource Name or Location' },
    { id: 'T1609', name: 'Container Administration Command' },
  ],
  severity: 'high',
  confidence: 0.75,
  family: 'threat-feed',
  falsePositives: ['Google support', 'Add-ons installed in kube-system'],
  example: 'Execution: Suspicious Exec or Attach to a System Pod',
  match: sightingOf,
};
