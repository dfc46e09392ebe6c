import type { AuditRule } from './rule.ts';
import { admissionBreakGlass } from './rules/admission-break-glass.ts';
import { admissionPolicyWeakened } from './rules/admission-policy-weakened.ts';
import { admissionWebhookChanged } from './rules/admission-webhook-changed.ts';
import { anonymousRequest } from './rules/anonymous-request.ts';
import { anonymousWrite } from './rules/anonymous-write.ts';
import { apiServiceChanged } from './rules/api-service-changed.ts';
import { attachOrPortForward } from './rules/attach-or-port-forward.ts';
import { attackToolUserAgent } from './rules/attack-tool-user-agent.ts';
import { attackToolWorkload } from './rules/attack-tool-workload.ts';
import { certificateApproved } from './rules/certificate-approved.ts';
import { certificateRequestDeleted } from './rules/certificate-request-deleted.ts';
import { certificateRequested } from './rules/certificate-requested.ts';
import { clusterAdminBinding } from './rules/cluster-admin-binding.ts';
import { clusterDnsChanged } from './rules/cluster-dns-changed.ts';
import { confinementRemoved } from './rules/confinement-removed.ts';
import { controllerAccountInPod } from './rules/controller-account-in-pod.ts';
import { conversionWebhookOutside } from './rules/conversion-webhook-outside.ts';
import { dangerousCapabilities } from './rules/dangerous-capabilities.ts';
import { destructiveDelete } from './rules/destructive-delete.ts';
import { downloadInSpec } from './rules/download-in-spec.ts';
import { ephemeralContainer } from './rules/ephemeral-container.ts';
import { escalationVerbsGranted } from './rules/escalation-verbs-granted.ts';
import { eventsDeleted } from './rules/events-deleted.ts';
import { execAttackTool } from './rules/exec-attack-tool.ts';
import { execCloudMetadata } from './rules/exec-cloud-metadata.ts';
import { execCredentials } from './rules/exec-credentials.ts';
import { execDownload } from './rules/exec-download.ts';
import { execGuardRemoved } from './rules/exec-guard-removed.ts';
import { execHiddenCommand } from './rules/exec-hidden-command.ts';
import { execHostAccess } from './rules/exec-host-access.ts';
import { execIntoPod } from './rules/exec-into-pod.ts';
import { execIntoSystemPod } from './rules/exec-into-system-pod.ts';
import { execKubelet } from './rules/exec-kubelet.ts';
import { execMiner } from './rules/exec-miner.ts';
import { execPersistence } from './rules/exec-persistence.ts';
import { execReverseShell } from './rules/exec-reverse-shell.ts';
import { exposedService } from './rules/exposed-service.ts';
import { forbiddenCreate } from './rules/forbidden-create.ts';
import { gitRepoVolume } from './rules/git-repo-volume.ts';
import { hostIpc } from './rules/host-ipc.ts';
import { hostNetwork } from './rules/host-network.ts';
import { hostPid } from './rules/host-pid.ts';
import { ingressInjection } from './rules/ingress-injection.ts';
import { minerInSpec } from './rules/miner-in-spec.ts';
import { namespaceGuardLowered } from './rules/namespace-guard-lowered.ts';
import { networkPolicyDeleted } from './rules/network-policy-deleted.ts';
import { newDaemonset } from './rules/new-daemonset.ts';
import { nodeProxy } from './rules/node-proxy.ts';
import { ownRightsAsked } from './rules/own-rights-asked.ts';
import { podProxy } from './rules/pod-proxy.ts';
import { powerfulRole } from './rules/powerful-role.ts';
import { privilegedImpersonation } from './rules/privileged-impersonation.ts';
import { privilegedWorkload } from './rules/privileged-workload.ts';
import { reverseShellInSpec } from './rules/reverse-shell-in-spec.ts';
import { scheduledJob } from './rules/scheduled-job.ts';
import { secretAccessOutOfPlace } from './rules/secret-access-out-of-place.ts';
import { secretChanged } from './rules/secret-changed.ts';
import { secretReadByScript } from './rules/secret-read-by-script.ts';
import { secretsListed } from './rules/secrets-listed.ts';
import { securityToolRemoved } from './rules/security-tool-removed.ts';
import { sensitiveHostPath } from './rules/sensitive-host-path.ts';
import { sensitiveVolume } from './rules/sensitive-volume.ts';
import { serviceAccountBinding } from './rules/service-account-binding.ts';
import { sharedProcessNamespace } from './rules/shared-process-namespace.ts';
import { staticPod } from './rules/static-pod.ts';
import { systemComponentLookalike } from './rules/system-component-lookalike.ts';
import { systemNamespaceCreated } from './rules/system-namespace-created.ts';
import { systemPrincipalFromInternet } from './rules/system-principal-from-internet.ts';
import { systemRbacChanged } from './rules/system-rbac-changed.ts';
import { systemServiceAccountCreated } from './rules/system-service-account-created.ts';
import { tokenRequested } from './rules/token-requested.ts';
import { truncatedWrite } from './rules/truncated-write.ts';
import { wildcardRole } from './rules/wildcard-role.ts';
import { workloadIdentityChanged } from './rules/workload-identity-changed.ts';
import { workloadInSystemNamespace } from './rules/workload-in-system-namespace.ts';
import { workloadWritesRbac } from './rules/workload-writes-rbac.ts';

/** The rules over single calls to a Kubernetes API. */
export const KUBERNETES_RULES: readonly AuditRule[] = [
  admissionBreakGlass,
  admissionPolicyWeakened,
  admissionWebhookChanged,
  anonymousRequest,
  anonymousWrite,
  apiServiceChanged,
  attachOrPortForward,
  attackToolUserAgent,
  attackToolWorkload,
  certificateApproved,
  certificateRequestDeleted,
  certificateRequested,
  clusterAdminBinding,
  clusterDnsChanged,
  confinementRemoved,
  controllerAccountInPod,
  conversionWebhookOutside,
  dangerousCapabilities,
  destructiveDelete,
  downloadInSpec,
  ephemeralContainer,
  escalationVerbsGranted,
  eventsDeleted,
  execAttackTool,
  execCloudMetadata,
  execCredentials,
  execDownload,
  execGuardRemoved,
  execHiddenCommand,
  execHostAccess,
  execIntoPod,
  execIntoSystemPod,
  execKubelet,
  execMiner,
  execPersistence,
  execReverseShell,
  exposedService,
  forbiddenCreate,
  gitRepoVolume,
  hostIpc,
  hostNetwork,
  hostPid,
  ingressInjection,
  minerInSpec,
  namespaceGuardLowered,
  networkPolicyDeleted,
  newDaemonset,
  nodeProxy,
  ownRightsAsked,
  podProxy,
  powerfulRole,
  privilegedImpersonation,
  privilegedWorkload,
  reverseShellInSpec,
  scheduledJob,
  secretAccessOutOfPlace,
  secretChanged,
  secretReadByScript,
  secretsListed,
  securityToolRemoved,
  sensitiveHostPath,
  sensitiveVolume,
  serviceAccountBinding,
  sharedProcessNamespace,
  staticPod,
  systemComponentLookalike,
  systemNamespaceCreated,
  systemPrincipalFromInternet,
  systemRbacChanged,
  systemServiceAccountCreated,
  tokenRequested,
  truncatedWrite,
  wildcardRole,
  workloadIdentityChanged,
  workloadInSystemNamespace,
  workloadWritesRbac,
];
