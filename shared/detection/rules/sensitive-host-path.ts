import { quote } from '../../text.ts';
import { claimOfPaths } from '../host-paths.ts';
import { podRule, sightingFor } from '../pod-rule.ts';

/** A workload that mounts a part of its node from which the node can be taken over. */
export const sensitiveHostPath = podRule({
  id: 'sensitive-host-path',
  title: 'Sensitive host path mounted',
  sees: 'A hostPath volume, in a pod or a pod template, of the root directory, a container runtime socket or the kubelet directory (high); of /etc, /proc, /root, /var, /home, /dev, /sys, the image store of a runtime, or keys and timers of the node (medium); or of programs of the node (low 0.40).',
  why: 'Through these paths a container reads the credentials of the node and of other pods, or starts programs outside itself.',
  technique: [
    { id: 'T1611', name: 'Escape to Host' },
    { id: 'T1552', name: 'Unsecured Credentials' },
  ],
  severity: 'high',
  confidence: 0.7,
  family: 'spec',
  falsePositives: ['Log and metric agents', 'Storage and network drivers', 'Backup agents'],
  example: 'kubectl apply of a Deployment with the volume {hostPath: {path: /run/containerd/containerd.sock}}',
  look: ({ hostPaths }) => {
    const claim = claimOfPaths(hostPaths);
    if (claim === undefined) return undefined;
    const { paths, ...graded } = claim;
    return sightingFor(
      paths.map((path) => `it mounts ${quote(path)} of the node`),
      graded,
    );
  },
});
