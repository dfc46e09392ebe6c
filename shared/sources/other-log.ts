import { record, text } from '../kubernetes/loose.ts';
import type { Source } from './source.ts';

const PAYLOADS = ['protoPayload', 'jsonPayload', 'textPayload', 'protopayload_auditlog'];

/**
 * LogEntries that are not audit entries, or claim to come from another log: anyone who may write logs can write those.
 */
export const otherLog: Source = {
  id: 'other-log',
  title: 'a log entry',
  recognises: (payload) =>
    PAYLOADS.some((key) => Object.hasOwn(payload, key)) &&
    (text(payload.logName) !== undefined || record(payload.resource) !== undefined),
  read: () => ({ source: 'other-log', because: 'the log entry is not of an audit log' }),
};
