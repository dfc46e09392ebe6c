import { hash } from 'node:crypto';

type Told = {
  /** RFC 3339 in UTC, with milliseconds. */
  at: string;
  insertId: string;
  project: string;
  log: 'activity' | 'data_access';
  /** Type and further labels of the monitored resource. */
  resource: { type: string; labels?: Record<string, string> };
  resourceName: string;
  /** `null` for an entry without any principal, which refused reads have. */
  principal: string | null;
  request: Record<string, unknown>;
  response: Record<string, unknown>;
  metadata: Record<string, unknown>;
  /** Changes of a policy: roles that were granted and revoked. */
  bindingDeltas: Array<{ action: 'ADD' | 'REMOVE'; role: string; member: string }>;
  auditConfigDeltas: Array<Record<string, unknown>>;
  /** gRPC status; 0 (the default) is OK, and is left out of the entry. */
  code: number;
  message: string;
  callerIp: string;
  userAgent: string;
  operation: { id: string; first?: boolean; last?: boolean };
};

/** The parts of an entry that a caller sets. Everything else is filled as Google Cloud does, with invented names. */
export type AdminEntryParts = { service: string; method: string } & { [Key in keyof Told]?: Told[Key] | undefined };

/**
 * A LogEntry for a call to one of Google Cloud's own APIs, in the form in which the Log Router publishes it. The last
 * entry of a long-running operation has neither request nor caller. The same parts always give the same entry.
 */
export const adminEntry = (parts: AdminEntryParts): Record<string, unknown> => {
  const { project = 'p1', code = 0, operation } = parts;
  const at = (parts.at ?? '2026-03-02T10:15:30.250Z').replace('Z', '000Z');
  const insertId = parts.insertId ?? hash('sha256', JSON.stringify(parts)).slice(0, 16);
  const isEnd = operation?.last === true && operation.first !== true;
  const policyDelta = {
    ...(parts.bindingDeltas === undefined ? {} : { bindingDeltas: parts.bindingDeltas }),
    ...(parts.auditConfigDeltas === undefined ? {} : { auditConfigDeltas: parts.auditConfigDeltas }),
  };
  return {
    insertId,
    logName: `projects/${project}/logs/cloudaudit.googleapis.com%2F${parts.log ?? 'activity'}`,
    timestamp: at,
    receiveTimestamp: at,
    severity: code === 0 ? 'NOTICE' : 'ERROR',
    resource: {
      type: parts.resource?.type ?? 'audited_resource',
      labels: { project_id: project, ...parts.resource?.labels },
    },
    ...(operation === undefined ? {} : { operation: { producer: parts.service, ...operation } }),
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: parts.service,
      methodName: parts.method,
      resourceName: parts.resourceName ?? `projects/${project}`,
      authenticationInfo:
        isEnd || parts.principal === null ? {} : { principalEmail: parts.principal ?? 'ana@example.com' },
      requestMetadata: {
        callerIp: parts.callerIp ?? '203.0.113.7',
        callerSuppliedUserAgent: parts.userAgent ?? 'gcloud',
      },
      ...(parts.request === undefined || isEnd ? {} : { request: parts.request }),
      ...(parts.response === undefined ? {} : { response: parts.response }),
      ...(parts.metadata === undefined ? {} : { metadata: parts.metadata }),
      ...(Object.keys(policyDelta).length === 0
        ? {}
        : { serviceData: { '@type': 'type.googleapis.com/google.iam.v1.logging.AuditData', policyDelta } }),
      status: code === 0 ? {} : { code, message: parts.message ?? 'PERMISSION_DENIED' },
    },
  };
};
