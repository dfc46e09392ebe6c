import { callOf } from '../kubernetes/call.ts';
import { isAuditEntry, isKubernetesEntry, readAuditEntry } from './log-entry.ts';
import type { Source } from './source.ts';

/** Audit entries of a cluster's API server, as Cloud Logging holds them. */
export const gkeAuditLog: Source = {
  id: 'gke-audit-log',
  title: 'a GKE audit log entry',
  recognises: (payload) => isAuditEntry(payload) && isKubernetesEntry(payload),
  read: (payload, context) => {
    const entry = readAuditEntry('gke-audit-log', payload, context);
    const call = callOf(entry.resourceName, entry.method);
    return { source: 'gke-audit-log', signal: { ...entry, ...(call === undefined ? {} : { call }) } };
  },
};
