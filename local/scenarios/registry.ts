import { autopilot } from './autopilot.ts';
import { cryptominer } from './cryptominer.ts';
import { noisyNeighbour } from './noisy-neighbour.ts';
import { privilegedPod } from './privileged-pod.ts';
import { ransom } from './ransom.ts';
import { reverseShell } from './reverse-shell.ts';
import type { Scenario } from './scenario.ts';
import { suspiciousImage } from './suspicious-image.ts';
import { zombie } from './zombie.ts';

/** Every scenario. The first one is played if none is named. */
export const SCENARIOS: readonly Scenario[] = [
  cryptominer,
  reverseShell,
  privilegedPod,
  ransom,
  suspiciousImage,
  zombie,
  autopilot,
  noisyNeighbour,
];
