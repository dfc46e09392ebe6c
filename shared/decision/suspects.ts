import type { Incident } from '../model/incident.ts';
import type { Subject } from '../model/subject.ts';

/**
 * The subjects that something may be done to: load that moves from a pod to its replicas must not have these
 * contained too, so a pod that only its CPU use speaks against waits for what speaks against another. One that an operator
 * has granted a tier for does not wait.
 */
export const suspectsOf = ({ subjects, goal }: Pick<Incident, 'subjects' | 'goal'>): Subject[] => {
  const isGranted = ({ uid }: Subject): boolean => goal?.covers?.some((grant) => grant.uid === uid) === true;
  const isBusy = (s: Subject): boolean => s.kind === 'pod' && s.cpuOnly === true && !isGranted(s);
  const others = subjects.filter((s) => !isBusy(s));
  return others.length === 0 ? subjects : others;
};
