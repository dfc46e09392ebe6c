import type { SeriesQuery } from '../ports.ts';

/** A text as a filter of Cloud Monitoring writes it. */
const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

/** What a query asks for, in the filter language of Cloud Monitoring. */
export const filterOf = ({ metric, resource, labels, system = {} }: SeriesQuery): string =>
  [
    `metric.type = ${quoted(metric)}`,
    `resource.type = ${quoted(resource)}`,
    ...Object.entries(labels).map(([key, value]) => `resource.labels.${key} = ${quoted(value)}`),
    ...Object.entries(system).map(([key, value]) => `metadata.system_labels.${key} = ${quoted(value)}`),
  ].join(' AND ');
