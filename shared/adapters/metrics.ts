import { MetricServiceClient } from '@google-cloud/monitoring/build/src/v3/metric_service_client.js';
import fallback from 'google-gax/fallback';
import { z } from 'zod';
import { Denied, Malformed, Transient } from '../errors.ts';
import type { Sample, Series, SeriesQuery } from '../model/series.ts';
import type { MetricsReader } from '../ports.ts';
import { plain } from '../text.ts';
import { failureOf } from './compute-client-errors.ts';
import type { ComputeFailure } from './compute-failure.ts';
import { withinLibrary } from './deadline.ts';
import { filterOf } from './metrics-filter.ts';

/** Options for the client. Without any, it calls the real service under the process's own identity. */
export type MetricsOptions = NonNullable<ConstructorParameters<typeof MetricServiceClient>[0]>;

const TIMEOUT_MS = 20_000;
const MAX_SERIES = 500;
const MAX_PAGES = 5;
const PAGE_POINTS = 20_000;

const seconds = z.looseObject({
  seconds: z.union([z.string(), z.number()]).nullish(),
  nanos: z.number().nullish(),
});
const point = z.looseObject({
  interval: z.looseObject({ endTime: seconds }),
  value: z.looseObject({
    doubleValue: z.number().nullish(),
    int64Value: z.union([z.string(), z.number()]).nullish(),
  }),
});
const words = z.record(z.string(), z.string());
const timeSeries = z.looseObject({
  metric: z.looseObject({ labels: words.nullish() }).nullish(),
  resource: z.looseObject({ labels: words.nullish() }).nullish(),
  points: z.array(point).nullish(),
});
const whole = z.looseObject({ executionErrors: z.array(z.looseObject({ message: z.string().nullish() })).nullish() });

/**
 * Reads Cloud Monitoring with its client library, over HTTP. `timeoutMs` bounds the read of one page, including its
 * repetitions during an outage.
 */
export const makeMetricsReader = (options: MetricsOptions = {}, timeoutMs = TIMEOUT_MS): MetricsReader => {
  let client: MetricServiceClient | undefined;
  const page = async (query: SeriesQuery, pageToken: string | undefined): Promise<ArrayLike<unknown>> => {
    client ??= new MetricServiceClient({ ...options, fallback: true }, fallback);
    const asked = client;
    const request = { ...requestOf(query), ...(pageToken === undefined ? {} : { pageToken }) };
    try {
      return await withinLibrary(timeoutMs, () =>
        asked.listTimeSeries(request, { timeout: timeoutMs, autoPaginate: false }),
      );
    } catch (thrown) {
      const failure = failureOf(thrown);
      // The service answers 404, with a reason, for a metric that nothing has written yet.
      if (failure.status === 404 && failure.reason !== undefined) return [[], undefined];
      throw errorOf(failure, query);
    }
  };
  return {
    series: async (query) => {
      const found: Part[] = [];
      let token: string | undefined;
      for (let pages = 0; pages < MAX_PAGES && found.length < MAX_SERIES; pages += 1) {
        const answer = await page(query, token);
        const [error] = whole.safeParse(answer[2]).data?.executionErrors ?? [];
        if (error !== undefined)
          throw new Transient(`${whereOf(query)}: not all of the series (${plain(error.message ?? '', 200)})`);
        found.push(...readAll(answer[0], query));
        token = z.looseObject({ pageToken: z.string().min(1) }).safeParse(answer[1]).data?.pageToken;
        if (token === undefined) break;
      }
      return joined(found).slice(0, MAX_SERIES);
    },
  };
};

const requestOf = (query: SeriesQuery) => ({
  name: `projects/${query.project}`,
  filter: filterOf(query),
  interval: { startTime: timestamp(query.from), endTime: timestamp(query.until) },
  aggregation: {
    alignmentPeriod: { seconds: Math.round(query.stepMs / 1000) },
    perSeriesAligner: query.as === 'rate' ? ('ALIGN_RATE' as const) : ('ALIGN_MEAN' as const),
  },
  view: 'FULL' as const,
  pageSize: PAGE_POINTS,
});

const timestamp = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: Math.round(ms % 1000) * 1_000_000 });

/** Part of a series. `key`: what tells the series from all others; one container has a series for each accelerator. */
type Part = { key: string; series: Series };

const keyOf = (...all: ReadonlyArray<Readonly<Record<string, string>>>): string =>
  JSON.stringify(all.map((labels) => Object.entries(labels).toSorted()));

/** Reads an answer into series, with the samples as they come: the newest first. */
const readAll = (answer: unknown, query: SeriesQuery): Part[] => {
  const read = z.array(timeSeries).safeParse(answer);
  if (!read.success) throw new Transient(`${whereOf(query)}: answered what is no list of series`);
  return read.data.map(({ metric, resource, points }) => {
    const labels = resource?.labels ?? {};
    return { key: keyOf(labels, metric?.labels ?? {}), series: { labels, samples: (points ?? []).flatMap(sampleOf) } };
  });
};

const sampleOf = ({ interval: { endTime }, value }: z.infer<typeof point>): Sample[] => {
  const read = value.doubleValue ?? value.int64Value;
  const at = Number(endTime.seconds ?? 0) * 1000 + Math.round((endTime.nanos ?? 0) / 1_000_000);
  return read === null || read === undefined || !Number.isFinite(Number(read)) ? [] : [{ at, value: Number(read) }];
};

/** Joins parts of the same series, since a long one is spread over several pages, and puts the oldest sample first. */
const joined = (all: readonly Part[]): Series[] => {
  const byKey = new Map<string, Series>();
  for (const { key, series } of all) {
    const samples = [...(byKey.get(key)?.samples ?? []), ...series.samples].toSorted((a, b) => a.at - b.at);
    byKey.set(key, { ...series, samples });
  }
  return [...byKey.values()];
};

const whereOf = ({ project, metric }: SeriesQuery): string => `reading ${metric} of project ${project}`;

const errorOf = ({ status, message }: ComputeFailure, query: SeriesQuery): Error => {
  const sentence = `${whereOf(query)}: ${status === undefined ? 'no answer' : `answered ${status}`} (${plain(message, 200)})`;
  if (status === 400) return new Malformed(sentence);
  return status === 401 || status === 403 ? new Denied(sentence) : new Transient(sentence);
};
