import type { Incident } from '../model/incident.ts';
import type { Subject } from '../model/subject.ts';

/** Whether only findings replayed from dead letters are about a subject so far. */
export const isOnlyReplayed = (one: Subject): boolean => one.kind !== 'node' && one.replayed === true;

/**
 * The subjects that something may be done to. Load moves from a contained pod to its replicas, and these must not be
 * contained because of it. So a pod that only CPU use speaks against is left out while there is any other subject,
 * unless an operator granted a tier for it.
 */
export const suspectsOf = ({ subjects, goal }: Pick<Incident, 'subjects' | 'goal'>): Subject[] => {
  const isGranted = ({ uid }: Subject): boolean => goal?.covers?.some((grant) => grant.uid === uid) === true;
  const isBusy = (s: Subject): boolean => s.kind === 'pod' && s.cpuOnly === true && !isGranted(s);
  const others = subjects.filter((s) => !isBusy(s));
  return others.length === 0 ? subjects : others;
};
