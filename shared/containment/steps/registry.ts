import type { StepId } from '../../model/ids.ts';
import type { Step } from '../step.ts';
import { captureEvidence } from './capture-evidence.ts';
import { cordonNode } from './cordon-node.ts';
import { denyPodNetwork } from './deny-pod-network.ts';
import { freezeWorkload } from './freeze-workload.ts';
import { quarantinePod } from './quarantine-pod.ts';

/** Every step that this version can carry out; held against the folder by a test. */
export const STEPS: readonly Step[] = [captureEvidence, cordonNode, denyPodNetwork, quarantinePod, freezeWorkload];

/** The step of this id, undefined where this version does not have it yet. */
export const stepOf = (id: StepId): Step | undefined => STEPS.find((step) => step.id === id);
