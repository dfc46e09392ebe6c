import type { HostRef, Subject } from '../../shared/model/subject.ts';

/** The hosts of a subject: where it is, and where it was before its VM was made again. */
export const hostsOf = (s: Subject): HostRef[] => {
  if (s.kind === 'workload') return [];
  const former = s.kind === 'pod' ? (s.formerHosts ?? []) : [];
  return s.host === undefined ? former : [s.host, ...former];
};
