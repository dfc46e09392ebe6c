import type { SeriesQuery } from '../model/series.ts';

/** A text as a quoted string in a filter of Cloud Monitoring. */
const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

/** The filter for a query, in the filter language of Cloud Monitoring. */
export const filterOf = ({ metric, resource, labels, system = {} }: SeriesQuery): string =>
  [
    `metric.type = ${quoted(metric)}`,
    `resource.type = ${quoted(resource)}`,
    ...Object.entries(labels).map(([key, value]) => `resource.labels.${key} = ${quoted(value)}`),
    ...Object.entries(system).map(([key, value]) => `metadata.system_labels.${key} = ${quoted(value)}`),
  ].join(' AND ');
