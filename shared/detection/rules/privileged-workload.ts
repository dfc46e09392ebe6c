import type { PodSpec } from '../../kubernetes/pod-spec.ts';
import { quote } from '../../text.ts';
import type { AuditRule } from '../rule.ts';
import { writtenPodsOf } from '../written-pods.ts';

/** A workload whose containers are, in effect, root on their node. */
export const privilegedWorkload: AuditRule = {
  id: 'privileged-workload',
  reads: 'audit',
  title: 'Privileged workload',
  sees: 'A pod, or a controller whose template makes pods, written with a privileged container or with hostPID. A pod that a controller makes in a namespace of users is counted for its owner, at medium and 0.50, since who wrote the template is not in that event.',
  why: 'A privileged container reads and changes everything on its node: other pods, their secrets, the kubelet.',
  technique: [
    { id: 'T1611', name: 'Escape to Host' },
    { id: 'T1610', name: 'Deploy Container' },
  ],
  severity: 'high',
  confidence: 0.7,
  family: 'spec',
  falsePositives: ['Security agents', 'Storage and network drivers', 'GPU drivers', 'Node exporters, with hostPID'],
  filter:
    'protoPayload.methodName=~"[.](pods|replicationcontrollers|deployments|daemonsets|statefulsets|replicasets|jobs|cronjobs)([.]ephemeralcontainers)?[.](create|update|patch)$"',
  example: 'kubectl run debug -n shop --image=busybox --privileged',
  match: (signal) => {
    const written = writtenPodsOf(signal);
    const reasons = new Set(written?.specs.flatMap(privileges));
    if (written === undefined || reasons.size === 0) return undefined;
    return {
      because: [written.sentence, ...[...reasons].slice(0, 8)],
      ...(written.on === undefined ? {} : { on: written.on }),
      ...(written.byController ? { severity: 'medium', confidence: 0.5 } : {}),
    };
  },
};

const privileges = (spec: PodSpec): string[] => [
  ...spec.containers
    .filter((c) => c.privileged)
    .map((c) => `container ${quote(c.name || '(unnamed)', 63)} is privileged`),
  ...(spec.hostPID ? ['its containers see the processes of the node (hostPID)'] : []),
];
