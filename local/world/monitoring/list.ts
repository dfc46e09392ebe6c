import { record, text } from '../../../shared/kubernetes/loose.ts';
import { readFilter } from './filter.ts';
import type { Monitored } from './monitored.ts';
import { invalid, MonitoringRefusal } from './refusal.ts';
import type { MonitoringWorld } from './world.ts';

/** The simulated metrics: the resource that each belongs to, and its kind, as the service describes them. */
const METRICS: Readonly<Record<string, { resource: Monitored['resource']; kind: 'GAUGE' | 'CUMULATIVE' }>> = {
  'kubernetes.io/container/cpu/limit_utilization': { resource: 'k8s_container', kind: 'GAUGE' },
  'kubernetes.io/container/cpu/core_usage_time': { resource: 'k8s_container', kind: 'CUMULATIVE' },
  'kubernetes.io/node/cpu/allocatable_utilization': { resource: 'k8s_node', kind: 'GAUGE' },
  'kubernetes.io/node/cpu/allocatable_cores': { resource: 'k8s_node', kind: 'GAUGE' },
  'compute.googleapis.com/instance/cpu/utilization': { resource: 'gce_instance', kind: 'GAUGE' },
};

const MINUTE_MS = 60_000;
const MAX_POINTS = 100_000;

type Asked = Readonly<Record<string, unknown>>;

const moment = (value: unknown, what: string): number => {
  const read = Date.parse(text(value) ?? '');
  if (Number.isNaN(read)) throw invalid(`Field ${what} had an invalid value: a timestamp is required.`);
  return read;
};

const stepOf = (aggregation: Asked | undefined, kind: string): number => {
  if (aggregation === undefined) throw invalid('This simulation gives aligned series only: name an aggregation.');
  const aligner = text(aggregation.perSeriesAligner) ?? 'ALIGN_NONE';
  if (aggregation.crossSeriesReducer !== undefined || aggregation.groupByFields !== undefined)
    throw new MonitoringRefusal(501, 'UNIMPLEMENTED', 'Reducing across series is not simulated.');
  const seconds = Number((text(aggregation.alignmentPeriod) ?? '0s').slice(0, -1));
  if (!(seconds >= 60))
    throw invalid(
      'Field aggregation.alignmentPeriod had an invalid value: the alignment period must be at least 60 seconds.',
    );
  const fits = kind === 'CUMULATIVE' ? ['ALIGN_RATE'] : ['ALIGN_MEAN', 'ALIGN_MAX', 'ALIGN_MIN'];
  if (!fits.includes(aligner))
    throw invalid(
      `Field aggregation.perSeriesAligner had an invalid value of "${aligner}": The aligner cannot be applied to metrics with kind ${kind}.`,
    );
  return seconds * 1000;
};

/** One value per period: the mean of its samples, which are at least a minute apart and at most ten. */
const valuesOf = (one: Monitored, metric: string, from: number, until: number, step: number, now: number) => {
  const use = one.values[metric];
  if (use === undefined) return [];
  const points: Array<{ at: number; value: number }> = [];
  for (let end = until; end > from; end -= step) {
    const samples: number[] = [];
    for (let at = end; at > end - step; at -= Math.max(MINUTE_MS, step / 10)) {
      if (at >= one.since && at <= now) samples.push(use(at));
    }
    if (samples.length > 0) points.push({ at: end, value: samples.reduce((sum, v) => sum + v, 0) / samples.length });
  }
  return points;
};

const timeOf = (ms: number): string => new Date(ms).toISOString();

/** Answers `timeSeries.list` as the service does: newest sample first, one page at a time. */
export const listTimeSeries = (world: MonitoringWorld, request: Asked, now: number): Record<string, unknown> => {
  const { metric, resource, labels, system } = readFilter(text(request.filter) ?? '');
  const known = Object.hasOwn(METRICS, metric) ? METRICS[metric] : undefined;
  if (known === undefined)
    throw new MonitoringRefusal(404, 'NOT_FOUND', `Cannot find metric(s) that match type = "${metric}".`);
  if (resource !== undefined && resource !== known.resource)
    throw invalid(
      'The supplied filter does not specify a valid combination of metric and monitored resource descriptors.',
    );
  const interval = record(request.interval);
  const until = moment(interval?.endTime, 'interval.endTime');
  const from = moment(interval?.startTime, 'interval.startTime');
  if (from > until)
    throw invalid('Field interval.startTime had an invalid value: the start time must not be after the end time.');
  const step = stepOf(record(request.aggregation), known.kind);
  const pageSize = Number(request.pageSize ?? MAX_POINTS);
  if (pageSize < 0) throw invalid('Field pageSize had an invalid value: it must not be negative.');
  const project = (text(request.name) ?? '').slice('projects/'.length);
  const has = (held: Readonly<Record<string, string>>, wanted: ReadonlyMap<string, string>): boolean =>
    [...wanted].every(([key, value]) => held[key] === value);
  const found = world
    .all()
    .filter(
      (one) =>
        one.project === project &&
        one.resource === known.resource &&
        has(one.labels, labels) &&
        has(one.system, system),
    )
    .map((one) => ({ one, points: valuesOf(one, metric, from, until, step, now) }))
    .filter(({ points }) => points.length > 0);
  const start = Number(text(request.pageToken) ?? 0);
  if (!Number.isInteger(start) || start < 0) throw invalid('Field pageToken had an invalid value.');
  const page: typeof found = [];
  let size = 0;
  for (const series of found.slice(start)) {
    if (page.length > 0 && size + series.points.length > Math.min(pageSize || MAX_POINTS, MAX_POINTS)) break;
    page.push(series);
    size += series.points.length;
  }
  const next = start + page.length;
  return {
    timeSeries: page.map(({ one, points }) => ({
      metric: { type: metric, labels: {} },
      resource: { type: one.resource, labels: one.labels },
      metricKind: 'GAUGE',
      valueType: 'DOUBLE',
      points: points.map(({ at, value }) => ({
        interval: { startTime: timeOf(at), endTime: timeOf(at) },
        value: { doubleValue: value },
      })),
    })),
    ...(next < found.length ? { nextPageToken: String(next) } : {}),
    unit: '1',
  };
};
