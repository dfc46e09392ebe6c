import { Malformed } from '../errors.ts';
import { at, type Loose, record, text, texts } from '../kubernetes/loose.ts';
import { principalClassOf } from '../kubernetes/principals.ts';
import type { AuditSignal } from '../model/signal.ts';
import {
  bodyOf,
  bounded,
  boundedName,
  canonical,
  eventId,
  outcomeFrom,
  placeFrom,
  strings,
  timeFrom,
} from './audit-fields.ts';
import type { ReadContext } from './source.ts';

/** Cloud Logging cuts a label's value at 64 KB. */
const MAX_LABEL = 64_000;
const MAX_RESOURCE_NAME = 2048;
const TELLING = ['methodName', 'serviceName', 'resourceName', 'authenticationInfo', 'authorizationInfo'];
const AUDIT_LOG = /\/logs\/cloudaudit\.googleapis\.com(%2F|\/)(activity|data_access|system_event|policy)$/i;

/** The name of the log, also as exports in small letters write it. */
const logNameOf = (entry: Loose): string | undefined => text(entry.logName) ?? text(entry.logname);

/** Whether an entry holds an audit log's payload. One that says it is of another log is not asked: anyone may write it. */
export const isAuditEntry = (entry: Loose): boolean => {
  const logName = logNameOf(entry);
  return record(entry.protoPayload) !== undefined && (logName === undefined || AUDIT_LOG.test(logName));
};

/** Whether a Kubernetes API server wrote the entry. Exports of others leave the service out, but not the method. */
export const isKubernetesEntry = (entry: Loose): boolean => {
  const payload = record(entry.protoPayload);
  const service = text(payload?.serviceName);
  return service === undefined ? (text(payload?.methodName) ?? '').startsWith('io.k8s.') : service === 'k8s.io';
};

/**
 * Everything an audit LogEntry tells but the call. Fields that are missing, as in fragments written by hand, are
 * left out or doubted.
 *
 * Throws Malformed where the payload tells neither what was called, nor on what, nor by whom.
 */
export const readAuditEntry = (source: string, entry: Loose, context: ReadContext): Omit<AuditSignal, 'call'> => {
  const payload = record(entry.protoPayload) ?? {};
  if (!TELLING.some((field) => payload[field] !== undefined)) {
    throw new Malformed(`an audit log entry whose protoPayload has none of ${TELLING.join(', ')}`);
  }
  const method = bounded(payload.methodName) ?? requestType(payload) ?? '';
  const resourceName = bounded(payload.resourceName, MAX_RESOURCE_NAME);
  const labels = strings(entry.labels);
  const request = bodyOf(payload.request);
  const response = bodyOf(payload.response);
  const metadata = record(payload.metadata);
  const policyDelta =
    record(at(payload, 'serviceData', 'policyDelta')) ?? record(at(payload, 'metadata', 'policyDelta'));
  const when = timeFrom(
    [entry.timestamp, entry.receiveTimestamp, entry.receivetimestamp, payload.timestamp],
    context.now,
  );
  const where = placeOf(entry, context);
  const partial = record(entry.split) !== undefined && Number(at(entry, 'split', 'totalSplits')) !== 1;
  const command = commandOf(labels, request);
  const authorization = authorizationOf(labels);
  const operation = operationOf(entry);
  return {
    kind: 'audit',
    source,
    event: idOf(entry),
    at: when.at,
    service: bounded(payload.serviceName) ?? '',
    method,
    ...(resourceName === undefined ? {} : { resourceName }),
    place: where.place,
    ...identityOf(payload),
    ...callerOf(payload),
    ...outcomeFrom(payload.status, response),
    ...(authorization === undefined ? {} : { authorization }),
    ...(request === undefined ? {} : { request }),
    ...(response === undefined ? {} : { response }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(policyDelta === undefined ? {} : { policyDelta }),
    labels,
    ...(command === undefined ? {} : { command }),
    partial,
    ...(operation === undefined ? {} : { operation }),
    doubts: [when.doubt, where.doubt, method === '' ? 'the entry names no method' : undefined].filter(
      (doubt) => doubt !== undefined,
    ),
  };
};

/** insertId, timestamp and logName together name an entry; without all three, only the same body is the same event. */
const idOf = (entry: Loose): string => {
  const insertId = text(entry.insertId) ?? text(entry.insertid);
  const timestamp = text(entry.timestamp);
  const logName = logNameOf(entry);
  if (insertId === undefined || timestamp === undefined || logName === undefined) return eventId(canonical(entry));
  return eventId(insertId, timestamp, logName);
};

/** The last word on what was called, where the method is missing: `type.googleapis.com/compute.disks.setIamPolicy`. */
const requestType = (payload: Loose): string | undefined =>
  bounded(at(payload, 'request', '@type'))?.replace(/^type\.googleapis\.com\//, '');

const placeOf = (entry: Loose, context: ReadContext): ReturnType<typeof placeFrom> => {
  const labels = strings(at(entry, 'resource', 'labels'));
  const ofLog = /^projects\/([^/]{1,100})\/logs\//.exec(logNameOf(entry) ?? '')?.[1];
  return placeFrom(
    { project: labels.project_id ?? ofLog, location: labels.location, cluster: labels.cluster_name },
    context,
  );
};

const identityOf = (payload: Loose): Pick<AuditSignal, 'principal' | 'principalClass' | 'actingAs'> => {
  const info = record(payload.authenticationInfo);
  const subject = boundedName(at(info, 'principalSubject'))?.replace(/^(user|serviceAccount):/, '');
  const selected = boundedName(at(info, 'authoritySelector'));
  // Some exports name an anonymous caller by what it was taken for alone.
  const unnamed = principalClassOf(selected) === 'anonymous' ? selected : undefined;
  const principal = boundedName(at(info, 'principalEmail')) ?? subject ?? unnamed;
  const actingAs = selected === principal ? undefined : selected;
  return {
    ...(principal === undefined ? {} : { principal }),
    principalClass: principalClassOf(principal),
    ...(actingAs === undefined ? {} : { actingAs }),
  };
};

const callerOf = (payload: Loose): Pick<AuditSignal, 'callerIp' | 'userAgent'> => {
  const metadata = record(payload.requestMetadata);
  const callerIp = bounded(at(metadata, 'callerIp'), 64) ?? bounded(at(metadata, 'callerIP'), 64);
  const userAgent = bounded(at(metadata, 'callerSuppliedUserAgent'));
  return { ...(callerIp === undefined ? {} : { callerIp }), ...(userAgent === undefined ? {} : { userAgent }) };
};

const authorizationOf = (labels: Record<string, string>): AuditSignal['authorization'] => {
  const decision = labels['authorization.k8s.io/decision'];
  if (decision === undefined) return undefined;
  return { decision: decision.slice(0, 32), reason: (labels['authorization.k8s.io/reason'] ?? '').slice(0, 512) };
};

const commandOf = (labels: Record<string, string>, request: Loose | undefined): AuditSignal['command'] => {
  const line = text(labels['command.gke.io/command']) ?? text(texts(request?.command).join(' '));
  return line === undefined ? undefined : { line: line.slice(0, MAX_LABEL), truncated: line.length >= MAX_LABEL };
};

const operationOf = (entry: Loose): AuditSignal['operation'] => {
  const id = bounded(at(entry, 'operation', 'id'));
  if (id === undefined) return undefined;
  return { id, first: at(entry, 'operation', 'first') === true, last: at(entry, 'operation', 'last') === true };
};
