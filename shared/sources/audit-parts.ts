import { at, type Loose, record, text, texts } from '../kubernetes/loose.ts';
import { principalClassOf } from '../kubernetes/principals.ts';
import type { AuditSignal } from '../model/signal.ts';
import { bounded, boundedName, canonical, eventId, placeFrom, strings } from './audit-fields.ts';
import type { ReadContext } from './source.ts';

/** Cloud Logging cuts a label's value at 64 KB. */
const MAX_LABEL = 64_000;

/** The name of the log. Some exports write field names in lower case. */
export const logNameOf = (entry: Loose): string | undefined => text(entry.logName) ?? text(entry.logname);

/**
 * The event id of an entry. insertId, timestamp and logName together identify it; where one of them is missing, only an
 * identical body is the same event. The first and the last entry of a long-running operation are one event.
 */
export const idOf = (entry: Loose): string => {
  const insertId = text(entry.insertId) ?? text(entry.insertid);
  const timestamp = text(entry.timestamp);
  const logName = logNameOf(entry);
  const operation = longOperationOf(entry);
  if (operation !== undefined && logName !== undefined) return eventId('operation', operation, logName);
  if (insertId === undefined || timestamp === undefined || logName === undefined) return eventId(canonical(entry));
  return eventId(insertId, timestamp, logName);
};

/**
 * The operation that an entry begins or ends, not both; undefined for a part of an entry, which shows less than all
 * parts together.
 */
const longOperationOf = ({ operation, split }: Loose): string | undefined =>
  (at(operation, 'first') === true) !== (at(operation, 'last') === true) && split === undefined
    ? text(at(operation, 'id'))
    : undefined;

/**
 * The type of the request, which stands in for a missing method: `compute.disks.setIamPolicy`, without
 * `type.googleapis.com/`.
 */
export const requestType = (payload: Loose): string | undefined =>
  bounded(at(payload, 'request', '@type'))?.replace(/^type\.googleapis\.com\//, '');

/** The place where the entry was written: its cluster or, without one, the project of its log. */
export const placeOf = (entry: Loose, context: ReadContext): ReturnType<typeof placeFrom> => {
  const labels = strings(at(entry, 'resource', 'labels'));
  const project = labels.project_id ?? /^projects\/([^/]{1,100})\/logs\//.exec(logNameOf(entry) ?? '')?.[1];
  return placeFrom({ project, location: labels.location, cluster: labels.cluster_name }, context);
};

/** The caller, and the identity that the caller acted as. */
export type Identity = { principal: string | undefined; actingAs: string | undefined };

/** The caller, from whichever field of the log names one. */
export const identityOf = (payload: Loose): Identity => {
  const info = record(payload.authenticationInfo);
  const selected = boundedName(info?.authoritySelector);
  const principal =
    boundedName(info?.principalEmail) ??
    boundedName(info?.principalSubject)?.replace(/^(user|serviceAccount):/, '') ??
    // Some exports name an anonymous caller only in `authoritySelector`.
    (principalClassOf(selected) === 'anonymous' ? selected : undefined);
  return { principal, actingAs: selected === principal ? undefined : selected };
};

/** The command that an exec asked to run. */
export const commandOf = (
  labels: Readonly<Record<string, string>>,
  request: Loose | undefined,
): AuditSignal['command'] => {
  const line = text(labels['command.gke.io/command']) ?? text(texts(request?.command).join(' '));
  return line === undefined ? undefined : { line: line.slice(0, MAX_LABEL), truncated: line.length >= MAX_LABEL };
};
