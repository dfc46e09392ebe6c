import { callOf } from '../kubernetes/call.ts';
import { isAuditEntry, isKubernetesEntry, readAuditEntry } from './log-entry.ts';
import type { Source } from './source.ts';

/** Audit entries of a cluster's API server, as Cloud Logging holds them. */
export const gkeAuditLog: Source = {
  id: 'gke-audit-log',
  title: 'a GKE audit log entry',
  recognises: (payload) => isAuditEntry(payload) && isKubernetesEntry(payload),
  read: (payload, context) => ({
    source: 'gke-audit-log',
    signal: readAuditEntry(payload, { source: 'gke-audit-log', context, callOf }),
  }),
};
