import { SHAPE_LABEL } from '../detection/plateau-policies.ts';
import { Malformed } from '../errors.ts';
import { issueText } from '../issue-text.ts';
import { integer, record, text } from '../kubernetes/loose.ts';
import { CPU_SHAPES, type CpuClosed, type CpuOpened, type CpuShape } from '../model/cpu-signal.ts';
import { type Time, timeOf } from '../model/time.ts';
import { quote } from '../text.ts';
import { bounded, eventId } from './audit-fields.ts';
import { logMatchOf } from './log-match.ts';
import { type MonitoringIncident, notification } from './monitoring-notification.ts';
import { controllerOf, hostNameOf, targetOf } from './monitoring-target.ts';
import type { Reading, Source } from './source.ts';

const SOURCE = 'monitoring-incident';

/** Metrics of how much of a processor or an accelerator is in use, as named by Cloud Monitoring or in a query. */
const USE = /cpu[\w/:.]{0,60}(usage|utili[sz]ation|seconds_total)|accelerator[\w/:.]{0,30}duty_cycle/i;
const MAX_QUERY = 10_000;

/** Numbers of seconds outside this range are milliseconds or nonsense. */
const EARLIEST = Date.UTC(2015, 0) / 1000;
const LATEST = Date.UTC(2200, 0) / 1000;

/**
 * Notifications of Cloud Monitoring's alerting policies on the use of processors, and on log entries. Only an open
 * incident is evidence. A closed one gives a signal of its own, and a test notification gives none.
 */
export const monitoringIncident: Source = {
  id: SOURCE,
  title: 'a Cloud Monitoring incident',
  recognises: (payload) => {
    const incident = record(payload.incident);
    return incident !== undefined && (text(incident.incident_id) ?? text(incident.policy_name)) !== undefined;
  },
  read: (payload) => {
    if (payload.version === 'test') return none('a test notification: the channel works, and nothing has happened');
    const read = notification.safeParse(payload);
    if (!read.success) throw new Malformed(`the Cloud Monitoring incident cannot be read: ${issueText(read.error)}`);
    return readIncident(read.data.incident);
  },
};

const none = (because: string): Reading => ({ source: SOURCE, because });

const readIncident = (incident: MonitoringIncident): Reading => {
  const state = incident.state.toLowerCase();
  if (record(incident.condition?.conditionMatchedLog) !== undefined) {
    if (state !== 'open') return none(`log-match incident ${shown(incident)} is not open any more`);
    return { source: SOURCE, signal: logMatchOf(SOURCE, incident, beginningOf(incident)) };
  }
  if (state === 'closed') return { source: SOURCE, signal: closed(incident) };
  if (state !== 'open') {
    return none(`incident ${shown(incident)} is in state ${quote(incident.state, 64)}: only an open one is evidence`);
  }
  const metric = metricOf(incident);
  if (!USE.test(metric.slice(0, MAX_QUERY))) {
    return none(`incident ${shown(incident)} is about ${quote(metric, 120)}, not about the use of processors`);
  }
  if (isOfLittle(incident)) return none(`incident ${shown(incident)} is about little or no use of processors`);
  return { source: SOURCE, signal: opened(incident, metric) };
};

const shown = (incident: MonitoringIncident): string => quote(incident.incident_id, 80);

const about = ({ incident_id }: MonitoringIncident): Pick<CpuClosed, 'kind' | 'source' | 'event' | 'incident'> => ({
  kind: 'cpu',
  source: SOURCE,
  event: eventId(SOURCE, incident_id),
  incident: incident_id,
});

const closed = (incident: MonitoringIncident): CpuClosed => {
  const endedAt = secondsOf(incident.ended_at);
  return { ...about(incident), state: 'closed', ...(endedAt === undefined ? {} : { endedAt }) };
};

const opened = (incident: MonitoringIncident, metric: string): CpuOpened => {
  const at = beginningOf(incident);
  const { target, doubts } = targetOf(incident);
  const controller = controllerOf(incident);
  const hostName = hostNameOf(incident);
  const observed = numberOf(incident.observed_value);
  const threshold = numberOf(incident.threshold_value);
  const prose = observed === undefined ? text(incident.observed_value) : undefined;
  return {
    ...about(incident),
    state: 'open',
    at,
    target,
    ...(controller === undefined ? {} : { controller }),
    ...(hostName === undefined ? {} : { hostName }),
    shape: shapeOf(incident),
    policy: bounded(incident.policy_name) ?? '',
    condition: bounded(incident.condition_name) ?? '',
    metric: metric.slice(0, MAX_QUERY),
    ...(observed === undefined ? {} : { observed }),
    ...(threshold === undefined ? {} : { threshold }),
    doubts: [...doubts, ...(prose === undefined ? [] : [`in place of a value the incident says ${quote(prose)}`])],
  };
};

/**
 * When the incident began. A name identifies a pod only at a moment: without it, a later pod of that name might be
 * acted on.
 */
const beginningOf = (incident: MonitoringIncident): Time => {
  const at = secondsOf(incident.started_at);
  if (at === undefined) throw new Malformed(`incident ${shown(incident)} has no readable started_at, in seconds`);
  return at;
};

const secondsOf = (value: unknown): Time | undefined => {
  const seconds = integer(value);
  return seconds === undefined || seconds < EARLIEST || seconds > LATEST ? undefined : timeOf(seconds * 1000);
};

const numberOf = (value: string | number | null | undefined): number | undefined => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
};

const CONDITIONS = [
  'conditionThreshold',
  'conditionPrometheusQueryLanguage',
  'conditionMonitoringQueryLanguage',
  'conditionAbsent',
];

/** The metric's type or, in its absence, the query or filter of the condition. */
const metricOf = ({ metric, condition }: MonitoringIncident): string => {
  const bodies = CONDITIONS.map((kind) => record(condition?.[kind]));
  const said = bodies.map((body) => text(body?.query) ?? text(body?.filter)).find((found) => found !== undefined);
  return text(metric?.type) ?? said ?? '';
};

/** Whether the condition is met by the absence of use, or of data. */
const isOfLittle = ({ condition }: MonitoringIncident): boolean =>
  record(condition?.conditionAbsent) !== undefined ||
  /^COMPARISON_(LT|LE)$/.test(text(record(condition?.conditionThreshold)?.comparison) ?? '');

const shapeOf = ({ policy_user_labels }: MonitoringIncident): CpuShape =>
  CPU_SHAPES.find((shape) => shape === policy_user_labels[SHAPE_LABEL]) ?? 'threshold';
