import { quote } from '../../text.ts';
import { sensitivityOf } from '../host-paths.ts';
import type { AuditRule } from '../rule.ts';
import { writtenPodsOf } from '../written-pods.ts';

/** A workload that mounts a part of its node from which the node can be taken over. */
export const sensitiveHostPath: AuditRule = {
  id: 'sensitive-host-path',
  reads: 'audit',
  title: 'Sensitive path of the node mounted',
  sees: 'A hostPath volume of the root, of a container runtime socket or of the kubelet (high), or of /etc, /proc, /root, /var, /home, /dev or the control groups (medium), in a pod or in the template of a controller.',
  why: 'Through these paths a container reads the credentials of the node and of other pods, or starts programs outside of itself.',
  technique: [
    { id: 'T1611', name: 'Escape to Host' },
    { id: 'T1552', name: 'Unsecured Credentials' },
  ],
  severity: 'high',
  confidence: 0.7,
  family: 'spec',
  falsePositives: ['Log and metric agents', 'Storage and network drivers', 'Backup agents'],
  filter:
    'protoPayload.methodName=~"[.](pods|replicationcontrollers|deployments|daemonsets|statefulsets|replicasets|jobs|cronjobs)[.](create|update|patch)$"',
  example: 'kubectl apply of a Deployment with the volume {hostPath: {path: /run/containerd/containerd.sock}}',
  match: (signal) => {
    const written = writtenPodsOf(signal);
    const paths = new Map(
      written?.specs.flatMap(({ hostPaths }) =>
        hostPaths.flatMap(({ path }) => {
          const severity = sensitivityOf(path);
          return severity === undefined ? [] : [[path, severity] as const];
        }),
      ),
    );
    if (written === undefined || paths.size === 0) return undefined;
    const severity = [...paths.values()].includes('high') ? 'high' : 'medium';
    return {
      because: [
        written.sentence,
        ...[...paths.keys()].slice(0, 8).map((path) => `it mounts ${quote(path)} of the node`),
      ],
      severity: written.byController ? 'medium' : severity,
      ...(written.byController ? { confidence: 0.5 } : {}),
      ...(written.on === undefined ? {} : { on: written.on }),
    };
  },
};
