import type { AuditRule } from './rule.ts';
import { anonymousWrite } from './rules/anonymous-write.ts';
import { attachOrPortForward } from './rules/attach-or-port-forward.ts';
import { clusterAdminBinding } from './rules/cluster-admin-binding.ts';
import { ephemeralContainer } from './rules/ephemeral-container.ts';
import { execCloudMetadata } from './rules/exec-cloud-metadata.ts';
import { execCredentials } from './rules/exec-credentials.ts';
import { execDownload } from './rules/exec-download.ts';
import { execIntoPod } from './rules/exec-into-pod.ts';
import { execIntoSystemPod } from './rules/exec-into-system-pod.ts';
import { execMiner } from './rules/exec-miner.ts';
import { execReverseShell } from './rules/exec-reverse-shell.ts';
import { privilegedWorkload } from './rules/privileged-workload.ts';
import { sensitiveHostPath } from './rules/sensitive-host-path.ts';

/** The rules over single calls to a Kubernetes API. */
export const KUBERNETES_RULES: readonly AuditRule[] = [
  anonymousWrite,
  attachOrPortForward,
  clusterAdminBinding,
  ephemeralContainer,
  execCloudMetadata,
  execCredentials,
  execDownload,
  execIntoPod,
  execIntoSystemPod,
  execMiner,
  execReverseShell,
  privilegedWorkload,
  sensitiveHostPath,
];
