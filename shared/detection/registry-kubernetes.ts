import type { AuditRule } from './rule.ts';
import { anonymousWrite } from './rules/anonymous-write.ts';
import { attachOrPortForward } from './rules/attach-or-port-forward.ts';
import { attackToolWorkload } from './rules/attack-tool-workload.ts';
import { clusterAdminBinding } from './rules/cluster-admin-binding.ts';
import { dangerousCapabilities } from './rules/dangerous-capabilities.ts';
import { ephemeralContainer } from './rules/ephemeral-container.ts';
import { execCloudMetadata } from './rules/exec-cloud-metadata.ts';
import { execCredentials } from './rules/exec-credentials.ts';
import { execDownload } from './rules/exec-download.ts';
import { execIntoPod } from './rules/exec-into-pod.ts';
import { execIntoSystemPod } from './rules/exec-into-system-pod.ts';
import { execMiner } from './rules/exec-miner.ts';
import { execReverseShell } from './rules/exec-reverse-shell.ts';
import { hostIpc } from './rules/host-ipc.ts';
import { hostNetwork } from './rules/host-network.ts';
import { hostPid } from './rules/host-pid.ts';
import { minerInSpec } from './rules/miner-in-spec.ts';
import { privilegedWorkload } from './rules/privileged-workload.ts';
import { reverseShellInSpec } from './rules/reverse-shell-in-spec.ts';
import { sensitiveHostPath } from './rules/sensitive-host-path.ts';
import { sharedProcessNamespace } from './rules/shared-process-namespace.ts';
import { systemComponentLookalike } from './rules/system-component-lookalike.ts';

/** The rules over single calls to a Kubernetes API. */
export const KUBERNETES_RULES: readonly AuditRule[] = [
  anonymousWrite,
  attachOrPortForward,
  attackToolWorkload,
  clusterAdminBinding,
  dangerousCapabilities,
  ephemeralContainer,
  execCloudMetadata,
  execCredentials,
  execDownload,
  execIntoPod,
  execIntoSystemPod,
  execMiner,
  execReverseShell,
  hostIpc,
  hostNetwork,
  hostPid,
  minerInSpec,
  privilegedWorkload,
  reverseShellInSpec,
  sensitiveHostPath,
  sharedProcessNamespace,
  systemComponentLookalike,
];
