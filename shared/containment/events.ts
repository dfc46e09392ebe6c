import type { ClusterReader } from '../ports.ts';

const MIB = 1024 * 1024;
const MOST_MIB = 8;

/**
 * The events of a namespace that these fields select, as an exhibit. Every node may write events about anything: one
 * that was broken into could write so many that they would fill the memory. What is left out is told at the end.
 */
export const eventsOf = async (
  { list }: Pick<ClusterReader, 'list'>,
  namespace: string,
  fields: Record<string, string>,
): Promise<unknown[]> => {
  const limitBytes = MOST_MIB * MIB;
  const events = await list({ apiVersion: 'v1', kind: 'Event', namespace, fields, limitBytes });
  return JSON.stringify(events).length < limitBytes
    ? events
    : [...events, { leftOut: `there are more events than the first ${MOST_MIB} MiB` }];
};
