/** One sample of a series; `at`, in ms since the epoch, is when it was taken. */
export type Sample = { at: number; value: number };

/** One series: its labels, and its samples, oldest first. */
export type Series = { labels: Readonly<Record<string, string>>; samples: readonly Sample[] };

/**
 * A query to Cloud Monitoring: one metric of one kind of resource, for resources with all these labels, from `from` to
 * `until` (ms), with one sample for each `stepMs`. `rate`: the growth per second of a metric that only grows.
 */
export type SeriesQuery = {
  project: string;
  metric: string;
  resource: string;
  labels: Readonly<Record<string, string>>;
  /** Labels that the platform adds: `node_name`, `top_level_controller_name`. */
  system?: Readonly<Record<string, string>>;
  from: number;
  until: number;
  stepMs: number;
  as: 'mean' | 'rate';
};
