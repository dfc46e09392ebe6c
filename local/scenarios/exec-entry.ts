import { randomUUID } from 'node:crypto';
import type { ClusterRef } from '../../shared/model/target.ts';
import { timeOf } from '../../shared/model/time.ts';

/** Who ran what in which pod; `at` in ms since the epoch. */
export type Exec = {
  at: number;
  cluster: ClusterRef;
  namespace: string;
  pod: string;
  principal: string;
  command: string;
};

/** The LogEntry that GKE writes for `kubectl exec`, as a log sink delivers it. */
export const execEntry = ({ at, cluster, namespace, pod, principal, command }: Exec): Record<string, unknown> => {
  const insertId = randomUUID();
  const resourceName = `core/v1/namespaces/${namespace}/pods/${pod}/exec`;
  const permission = 'io.k8s.core.v1.pods.exec.create';
  return {
    insertId,
    logName: `projects/${cluster.project}/logs/cloudaudit.googleapis.com%2Factivity`,
    timestamp: timeOf(at).replace('Z', '123Z'),
    receiveTimestamp: timeOf(at + 900).replace('Z', '456Z'),
    resource: {
      type: 'k8s_cluster',
      labels: { project_id: cluster.project, location: cluster.location, cluster_name: cluster.cluster },
    },
    labels: {
      'authorization.k8s.io/decision': 'allow',
      'authorization.k8s.io/reason': 'access granted by IAM permissions.',
      'command.gke.io/command': command,
    },
    operation: { id: insertId, producer: 'k8s.io', first: true, last: true },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'k8s.io',
      methodName: permission,
      resourceName,
      authenticationInfo: { principalEmail: principal },
      authorizationInfo: [{ permission, granted: true, resource: resourceName }],
      requestMetadata: { callerIp: '203.0.113.9', callerSuppliedUserAgent: 'kubectl/v1.36.1 (linux/amd64)' },
      status: { code: 0 },
    },
  };
};
