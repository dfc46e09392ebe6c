import { isAuditEntry, readAuditEntry } from './log-entry.ts';
import type { Source } from './source.ts';

/** Audit entries of Google Cloud's own APIs: IAM, Compute Engine, the clusters API, ... */
export const adminAuditLog: Source = {
  id: 'admin-audit-log',
  title: 'a Google Cloud audit log entry',
  recognises: isAuditEntry,
  read: (payload, context) => ({
    source: 'admin-audit-log',
    signal: readAuditEntry(payload, { source: 'admin-audit-log', context }),
  }),
};
