import { listTimeSeries } from '../../local/world/monitoring/list.ts';
import { MonitoringRefusal } from '../../local/world/monitoring/refusal.ts';
import type { MonitoringWorld } from '../../local/world/monitoring/world.ts';
import { filterOf } from '../../shared/adapters/metrics-filter.ts';
import { Denied, Malformed } from '../../shared/errors.ts';
import { record, records, text } from '../../shared/kubernetes/loose.ts';
import type { Series, SeriesQuery } from '../../shared/model/series.ts';
import type { MetricsReader } from '../../shared/ports.ts';

/** MetricsReader directly over the simulated service, without HTTP; `identity` is the caller. */
export const worldMetrics = (world: MonitoringWorld, identity: string, now: () => number): MetricsReader => ({
  series: async (query) => {
    if (!world.readers.has(identity)) throw new Denied(`${identity} may not read metrics of project ${query.project}`);
    try {
      return readAll(listTimeSeries(world, requestOf(query), now()));
    } catch (thrown) {
      if (!(thrown instanceof MonitoringRefusal)) throw thrown;
      if (thrown.code === 404) return [];
      throw new Malformed(thrown.message);
    }
  },
});

const requestOf = (query: SeriesQuery) => ({
  name: `projects/${query.project}`,
  filter: filterOf(query),
  interval: { startTime: new Date(query.from).toISOString(), endTime: new Date(query.until).toISOString() },
  aggregation: {
    alignmentPeriod: `${query.stepMs / 1000}s`,
    perSeriesAligner: query.as === 'rate' ? 'ALIGN_RATE' : 'ALIGN_MEAN',
  },
  view: 'FULL',
});

const readAll = (answer: Record<string, unknown>): Series[] =>
  records(answer.timeSeries).map(({ resource, points }) => ({
    labels: Object.fromEntries(
      Object.entries(record(record(resource)?.labels) ?? {}).flatMap(([key, value]) =>
        text(value) === undefined ? [] : [[key, String(value)]],
      ),
    ),
    samples: records(points)
      .map(({ interval, value }) => ({
        at: Date.parse(String(record(interval)?.endTime)),
        value: Number(record(value)?.doubleValue),
      }))
      .toSorted((a, b) => a.at - b.at),
  }));
