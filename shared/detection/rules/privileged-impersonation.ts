import { OTHER_SYSTEM_PATTERN, principalClassOf } from '../../kubernetes/principals.ts';
import { shownCall } from '../claim.ts';
import type { AuditRule } from '../rule.ts';

const ADMINISTRATORS = /^(?:system:masters|cluster-admin|kubernetes-admin|system:admin)$/;
const OF_A_WORKLOAD = { severity: 'medium', confidence: 0.45 } as const;

/** Somebody impersonated the system or an administrator. */
export const privilegedImpersonation: AuditRule = {
  id: 'privileged-impersonation',
  reads: 'audit',
  title: 'System or administrator identity impersonated',
  sees: 'A call that impersonates a system identity or an administrator by name; for the service account of a workload: medium 0.45.',
  why: 'With the right to impersonate, a caller gets any right although no role names them.',
  technique: [
    { id: 'T1550', name: 'Use Alternate Authentication Material' },
    { id: 'T1078', name: 'Valid Accounts' },
  ],
  severity: 'high',
  confidence: 0.8,
  family: 'identity',
  falsePositives: ['Rancher', 'Connect gateway', 'Permission tests with kubectl --as'],
  filter: `protoPayload.authenticationInfo.authoritySelector=~"(?i)^(system:|cluster-admin$|kubernetes-admin$)|${OTHER_SYSTEM_PATTERN}"`,
  example: 'kubectl get secrets --as=system:kube-controller-manager',
  match: (signal) => {
    const { actingAs } = signal;
    if (actingAs === undefined || signal.outcome === 'failed') return undefined;
    const of = principalClassOf(actingAs);
    const high = of === 'system' || ADMINISTRATORS.test(actingAs);
    if (!high && (of !== 'workload' || !actingAs.startsWith('system:'))) return undefined;
    return { because: [shownCall(signal)], ...(high ? {} : OF_A_WORKLOAD) };
  },
};
