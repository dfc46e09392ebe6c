import { hash } from 'node:crypto';

type Told = {
  /** RFC 3339 in UTC, with milliseconds. */
  at: string;
  insertId: string;
  project: string;
  location: string;
  cluster: string;
  log: 'activity' | 'data_access';
  /** `null` for an entry without any principal. */
  principal: string | null;
  /** The identity on whose behalf the principal acts. */
  actingAs: string;
  /** `core` (the default), `apps`, `rbac.authorization.k8s.io`, ... */
  group: string;
  version: string;
  subresource: string;
  namespace: string;
  /** Left out for a create whose name the server generates. */
  name: string;
  request: Record<string, unknown>;
  response: Record<string, unknown>;
  /** gRPC status; 0 (the default) is OK. */
  code: number;
  message: string;
  /** The authorizer's answer; by default derived from `code`. `null` for an entry without it. */
  decision: 'allow' | 'forbid' | null;
  /** The words of an exec's command, joined by spaces. */
  command: string;
  labels: Record<string, string>;
  callerIp: string;
  userAgent: string;
  split: { uid: string; index: number; totalSplits: number };
};

/**
 * The parts of an entry that a caller sets. Everything else is filled as GKE does, with invented names. `resource` is
 * plural: `pods`.
 */
export type AuditEntryParts = { verb: string; resource: string } & { [Key in keyof Told]?: Told[Key] | undefined };

const DENIED = 7;
const UNAUTHENTICATED = 16;
/** RBAC's API group is the only one whose words stand in another order in the method. */
const METHOD_GROUPS: Readonly<Record<string, string>> = { 'rbac.authorization.k8s.io': 'authorization.rbac' };

/**
 * A LogEntry for a call to the API server of a GKE cluster, in the form in which the Log Router publishes it: no
 * severity, times with six and nine fractional digits, an operation with the entry's own id. The same parts always give
 * the same entry.
 */
export const auditEntry = (parts: AuditEntryParts): Record<string, unknown> => {
  const { project = 'p1', location = 'europe-west1', cluster = 'c1', group = 'core', version = 'v1', code = 0 } = parts;
  const at = (parts.at ?? '2026-03-02T10:15:30.250Z').replace(/(\.\d+)?Z$/, (fraction) => fraction.replace('Z', ''));
  const insertId = parts.insertId ?? hash('sha256', JSON.stringify(parts)).slice(0, 16);
  const resourceName = resourceNameOf(parts, group, version);
  const words = [parts.resource, parts.subresource, parts.verb].filter((word) => word !== undefined);
  const method = `io.k8s.${METHOD_GROUPS[group] ?? group}.${version}.${words.join('.')}`;
  const granted = code !== DENIED && code !== UNAUTHENTICATED;
  return {
    insertId,
    logName: `projects/${project}/logs/cloudaudit.googleapis.com%2F${parts.log ?? 'activity'}`,
    timestamp: digits(at, 6),
    receiveTimestamp: digits(at, 9),
    resource: { type: 'k8s_cluster', labels: { project_id: project, location, cluster_name: cluster } },
    ...(code === UNAUTHENTICATED ? {} : { labels: labelsOf(parts, granted) }),
    operation: { id: insertId, producer: 'k8s.io', first: true, last: true },
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'k8s.io',
      methodName: method,
      resourceName,
      authenticationInfo: identityOf(parts),
      authorizationInfo: [{ resource: resourceName, permission: method, ...(granted ? { granted } : {}) }],
      requestMetadata: {
        callerIp: parts.callerIp ?? '203.0.113.7',
        callerSuppliedUserAgent: parts.userAgent ?? 'kubectl/v1.33.2 (linux/amd64) kubernetes/a57b6f7',
      },
      ...(parts.request === undefined ? {} : { request: parts.request }),
      ...(parts.response === undefined ? {} : { response: parts.response }),
      status: { code, ...(parts.message === undefined ? {} : { message: parts.message }) },
    },
    ...(parts.split === undefined ? {} : { split: parts.split }),
  };
};

const identityOf = ({ principal = 'ana@example.com', actingAs }: AuditEntryParts): Record<string, string> => ({
  ...(principal === null ? {} : { principalEmail: principal }),
  ...(actingAs === undefined ? {} : { authoritySelector: actingAs }),
});

const resourceNameOf = (parts: AuditEntryParts, group: string, version: string): string =>
  [
    group,
    version,
    ...(parts.namespace === undefined ? [] : ['namespaces', parts.namespace]),
    parts.resource,
    ...(parts.name === undefined ? [] : [parts.name]),
    ...(parts.subresource === undefined ? [] : [parts.subresource]),
  ].join('/');

const labelsOf = (parts: AuditEntryParts, granted: boolean): Record<string, string> => {
  const { decision = granted ? 'allow' : 'forbid' } = parts;
  const answer = {
    'authorization.k8s.io/decision': decision ?? '',
    'authorization.k8s.io/reason': decision === 'allow' ? 'access granted by IAM permissions.' : '',
  };
  return {
    ...(decision === null ? {} : answer),
    ...(parts.command === undefined ? {} : { 'command.gke.io/command': parts.command }),
    ...parts.labels,
  };
};

/** A time given without its zone, as a UTC time with exactly `count` fractional digits. */
const digits = (at: string, count: number): string => {
  const [whole = '', fraction = ''] = at.split('.');
  return `${whole}.${fraction.padEnd(count, '0').slice(0, count)}Z`;
};
