import type { AuditRule } from './rule.ts';
import { alertingDisabled } from './rules/alerting-disabled.ts';
import { auditConfigWeakened } from './rules/audit-config-weakened.ts';
import { bucketMadePublic } from './rules/bucket-made-public.ts';
import { clusterDeleted } from './rules/cluster-deleted.ts';
import { clusterSecurityWeakened } from './rules/cluster-security-weakened.ts';
import { diskSharedOutside } from './rules/disk-shared-outside.ts';
import { firewallOpened } from './rules/firewall-opened.ts';
import { gpuInstancesCreated } from './rules/gpu-instances-created.ts';
import { identityProviderCreated } from './rules/identity-provider-created.ts';
import { impersonationRoleGranted } from './rules/impersonation-role-granted.ts';
import { logExportChanged } from './rules/log-export-changed.ts';
import { loginMetadataChanged } from './rules/login-metadata-changed.ts';
import { machineIdentityChanged } from './rules/machine-identity-changed.ts';
import { networkLogsDisabled } from './rules/network-logs-disabled.ts';
import { nodePoolGrown } from './rules/node-pool-grown.ts';
import { orgPolicyWeakened } from './rules/org-policy-weakened.ts';
import { outsideMemberGranted } from './rules/outside-member-granted.ts';
import { packetsMirrored } from './rules/packets-mirrored.ts';
import { privilegedRoleGranted } from './rules/privileged-role-granted.ts';
import { projectMoved } from './rules/project-moved.ts';
import { recoveryDeleted } from './rules/recovery-deleted.ts';
import { responseTampered } from './rules/response-tampered.ts';
import { securityServiceDisabled } from './rules/security-service-disabled.ts';
import { serialConsoleConnected } from './rules/serial-console-connected.ts';
import { serviceAccountKeyCreated } from './rules/service-account-key-created.ts';

/** The rules over calls to Google Cloud's own APIs. */
export const ADMIN_RULES: readonly AuditRule[] = [
  alertingDisabled,
  auditConfigWeakened,
  bucketMadePublic,
  clusterDeleted,
  clusterSecurityWeakened,
  diskSharedOutside,
  firewallOpened,
  gpuInstancesCreated,
  identityProviderCreated,
  impersonationRoleGranted,
  logExportChanged,
  loginMetadataChanged,
  machineIdentityChanged,
  networkLogsDisabled,
  nodePoolGrown,
  orgPolicyWeakened,
  outsideMemberGranted,
  packetsMirrored,
  privilegedRoleGranted,
  projectMoved,
  recoveryDeleted,
  responseTampered,
  securityServiceDisabled,
  serialConsoleConnected,
  serviceAccountKeyCreated,
];
