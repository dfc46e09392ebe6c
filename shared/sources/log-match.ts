import { Malformed } from '../errors.ts';
import { record, text } from '../kubernetes/loose.ts';
import { isProjectId } from '../kubernetes/names.ts';
import type { LogMatchSignal } from '../model/log-match-signal.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import { quote } from '../text.ts';
import { eventId } from './audit-fields.ts';
import type { MonitoringIncident } from './monitoring-notification.ts';

const MAX_FILTER = 20_000;
const BEFORE_MS = 5 * 60_000;
const AFTER_MS = 60_000;

/**
 * The signal of an open incident on matched log entries.
 *
 * Throws Malformed where its filter or its project cannot be read.
 */
export const logMatchOf = (source: string, incident: MonitoringIncident, at: Time): LogMatchSignal => {
  const id = incident.incident_id;
  const filter = text(record(incident.condition?.conditionMatchedLog)?.filter);
  const project = text(incident.resource?.labels?.project_id) ?? text(incident.scoping_project_id);
  if (filter === undefined || !isClosed(filter)) {
    throw new Malformed(`incident ${quote(id, 80)} has no readable filter: nothing can be looked up for it`);
  }
  if (project === undefined || !isProjectId(project)) {
    throw new Malformed(`incident ${quote(id, 80)} does not name the project of its logs`);
  }
  return { kind: 'log-match', source, event: eventId(source, id), incident: id, at, project, filter };
};

/**
 * The query for the audit log entries that an incident may be about: they match its filter and lie between five minutes
 * before and one minute after its opening.
 */
export const queryOf = ({
  filter,
  at,
  project,
}: LogMatchSignal): { project: string; filter: string; from: Time; until: Time } => {
  const from = timeOf(msOf(at) - BEFORE_MS);
  const until = timeOf(msOf(at) + AFTER_MS);
  // The foreign filter stands on its own lines, so that a comment at its end cannot hide what follows.
  const whole = `logName:"cloudaudit.googleapis.com" AND timestamp>="${from}" AND timestamp<="${until}" AND (\n${filter}\n)`;
  return { project, filter: whole, from, until };
};

/** A token of a filter: a quoted text, a comment, or any other single character. */
const TOKEN = /"(?:[^"\\]|\\[\s\S])*"|--[^\n]*|[\s\S]/g;

/**
 * Whether a filter closes every bracket and quote that it opens, so that it stays within the brackets put around it.
 */
const isClosed = (filter: string): boolean => {
  if (filter.length > MAX_FILTER || /[\u0000-\u0008\u000b-\u001f]/.test(filter)) return false;
  let depth = 0;
  for (const [token] of filter.matchAll(TOKEN)) {
    // A single `"` here was never closed; an apostrophe can be read in two ways.
    if (token === '"' || token === "'") return false;
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
};
