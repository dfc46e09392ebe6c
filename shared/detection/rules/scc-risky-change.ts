import type { ThreatRule } from '../rule.ts';
import { claimsOf } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  {
    severity: 'medium',
    confidence: 0.5,
    names: [
      'Privilege Escalation: Launch of privileged Kubernetes container',
      'Privilege Escalation: ClusterRoleBinding to Privileged Role',
      'GKE_CRB_CLUSTERROLE_AGGREGATION_CONTROLLER',
      'Privilege Escalation: Changes to sensitive Kubernetes RBAC objects',
      'Credential Access: Failed Attempt to Approve Kubernetes Certificate Signing Request (CSR)',
      'GKE_APPROVE_CSR_FORBIDDEN',
      'Defense Evasion: Manually Deleted Certificate Signing Request (CSR)',
      'GKE_MANUALLY_DELETED_CSR',
      'Privilege Escalation: Create Kubernetes CSR for master cert',
      'Privilege Escalation: Creation of sensitive Kubernetes bindings',
      'Privilege Escalation: Get Kubernetes CSR with compromised bootstrap credentials',
    ],
  },
  {
    severity: 'low',
    confidence: 0.4,
    names: [
      'Privilege Escalation: Workload Created with a Sensitive Host Path Mount',
      'GKE_SENSITIVE_HOSTPATH',
      'Execution: GKE launch excessively capable container',
      'GKE_EXCESSIVELY_CAPABLE_CONTAINER_CREATED',
      'Privilege Escalation: ClusterRole with Privileged Verbs',
      'GKE_CLUSTERROLE_PRIVILEGED_VERBS',
      'Credential Access: Manually Approved Kubernetes Certificate Signing Request (CSR)',
      'GKE_CSR_APPROVED',
      'Persistence: GKE Webhook Configuration Detected',
      'GKE_WEBHOOK_CONFIG_CREATED',
      'Privilege Escalation: Workload with shareProcessNamespace enabled',
      'GKE_SHAREPROCESSNAMESPACE_POD',
      'Initial Access: GKE NodePort service created',
      'GKE_NODEPORT_SERVICE_CREATED',
    ],
  },
]);

/** Security Command Center saw a change in a cluster that attackers make, but administrators do too. */
export const sccRiskyChange: ThreatRule = {
  id: 'scc-risky-change',
  reads: 'threat',
  feed: 'security-command-center',
  names,
  title: 'Risky change in a cluster, by Security Command Center',
  sees: 'A finding about workloads with more rights than most, roles with verbs that give more rights, certificates that are asked for, approved or deleted by hand, webhooks, and services on node ports.',
  why: 'Each is a step of known attacks, and of ordinary administration: it weighs with other evidence. Our own rules look at the same entries more closely.',
  technique: [
    { id: 'T1098.006', name: 'Account Manipulation: Additional Container Cluster Roles' },
    { id: 'T1610', name: 'Deploy Container' },
  ],
  severity: 'medium',
  confidence: 0.5,
  family: 'threat-feed',
  falsePositives: ['Installation of operators, agents and meshes'],
  example: 'Privilege Escalation: Workload Created with a Sensitive Host Path Mount',
  match: sightingOf,
};
