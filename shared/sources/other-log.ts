import { record, text } from '../kubernetes/loose.ts';
import type { Source } from './source.ts';

const PAYLOADS = ['protoPayload', 'jsonPayload', 'textPayload', 'protopayload_auditlog'];

const BECAUSE = 'the log entry is not of an audit log, and other logs take entries from anybody who may write logs';

/**
 * LogEntries that are not audit entries, or claim to come from another log: anyone who may write logs can write those.
 * Findings of Event Threat Detection that are exported to Cloud Logging are among them; a notification of Security
 * Command Center brings the same findings, on a topic to which no node may publish.
 */
export const otherLog: Source = {
  id: 'other-log',
  title: 'a log entry',
  recognises: (payload) =>
    PAYLOADS.some((key) => Object.hasOwn(payload, key)) &&
    (text(payload.logName) !== undefined || record(payload.resource) !== undefined),
  read: () => ({ source: 'other-log', because: BECAUSE }),
};
