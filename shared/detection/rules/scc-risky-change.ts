import type { ThreatRule } from '../rule.ts';
import { claimsOf, RETOLD } from '../threat-claims.ts';

const { names, sightingOf } = claimsOf([
  // It is about a workload that our own rule over the same entry has rated already.
  { ...RETOLD, names: ['Privilege Escalation: Launch of privileged Kubernetes container'] },
  {
    severity: 'medium',
    confidence: 0.5,
    names: [
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
  title: 'Security Command Center: risky change in a cluster',
  sees: 'A finding about unusually privileged workloads, roles with verbs that give more rights, certificates requested, approved or deleted by hand, webhooks, and NodePort Services.',
  why: 'Known attacks take each of these steps, and so does ordinary administration, so it adds weight to other evidence. Our own rules examine the same entries in more detail.',
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
