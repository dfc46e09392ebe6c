import type { StepId } from '../../model/ids.ts';
import type { Step } from '../step.ts';
import { attachForensics } from './attach-forensics.ts';
import { captureEvidence } from './capture-evidence.ts';
import { cordonNode } from './cordon-node.ts';
import { deleteHost } from './delete-host.ts';
import { deletePod } from './delete-pod.ts';
import { deleteWorkload } from './delete-workload.ts';
import { denyNodeNetwork } from './deny-node-network.ts';
import { denyPodNetwork } from './deny-pod-network.ts';
import { drainNode } from './drain-node.ts';
import { freezeWorkload } from './freeze-workload.ts';
import { keepDisks } from './keep-disks.ts';
import { killContainer } from './kill-container.ts';
import { leaveGroup } from './leave-group.ts';
import { openInvestigationAccess } from './open-investigation-access.ts';
import { quarantinePod } from './quarantine-pod.ts';
import { removeExternalIp } from './remove-external-ip.ts';
import { restoreGroupSize } from './restore-group-size.ts';
import { sandboxWorkload } from './sandbox-workload.ts';
import { snapshotsReady } from './snapshots-ready.ts';
import { startSnapshots } from './start-snapshots.ts';

/** Every step that this version can carry out. A test compares the list with the folder. */
export const STEPS: readonly Step[] = [
  startSnapshots,
  keepDisks,
  captureEvidence,
  cordonNode,
  denyPodNetwork,
  quarantinePod,
  freezeWorkload,
  attachForensics,
  leaveGroup,
  restoreGroupSize,
  drainNode,
  denyNodeNetwork,
  removeExternalIp,
  openInvestigationAccess,
  sandboxWorkload,
  deletePod,
  snapshotsReady,
  deleteWorkload,
  killContainer,
  deleteHost,
];

/** The step with this id; undefined where this version does not have it. */
export const stepOf = (id: StepId): Step | undefined => STEPS.find((step) => step.id === id);
