import { Malformed } from '../errors.ts';
import { type Loose, record, text } from '../kubernetes/loose.ts';
import { toldOfText } from '../told-of-text.ts';
import { AuditEntry, type AuditEntryFacts } from './audit-entry.ts';
import { logNameOf } from './audit-parts.ts';

const TELLING = ['methodName', 'serviceName', 'resourceName', 'authenticationInfo', 'authorizationInfo'];
const AUDIT_LOG = /\/logs\/cloudaudit\.googleapis\.com(%2F|\/)(activity|data_access|system_event|policy)$/i;
/** Memoized, because successive entries mostly come from the same log. */
const isAuditLog = toldOfText((logName) => AUDIT_LOG.test(logName));

/**
 * Whether an entry holds an audit log's payload. An entry that names another log does not count: anyone may write one.
 */
export const isAuditEntry = (entry: Loose): boolean => {
  const logName = logNameOf(entry);
  return record(entry.protoPayload) !== undefined && (logName === undefined || isAuditLog(logName));
};

/** Whether a Kubernetes API server wrote the entry. Some exports leave the service out, but not the method. */
export const isKubernetesEntry = (entry: Loose): boolean => {
  const payload = record(entry.protoPayload);
  const service = text(payload?.serviceName);
  return service === undefined ? (text(payload?.methodName) ?? '').startsWith('io.k8s.') : service === 'k8s.io';
};

/**
 * Reads an audit LogEntry as a signal. Missing fields, as in fragments written by hand, are left out or noted as
 * doubts.
 *
 * Throws Malformed where the payload names no method, service, resource or caller.
 */
export const readAuditEntry = (entry: Loose, facts: Omit<AuditEntryFacts, 'payload'>): AuditEntry => {
  const payload = record(entry.protoPayload) ?? {};
  if (payload.methodName === undefined && !TELLING.some((field) => payload[field] !== undefined)) {
    throw new Malformed(`an audit log entry whose protoPayload has none of ${TELLING.join(', ')}`);
  }
  return new AuditEntry(entry, { ...facts, payload });
};
