import type { Incident } from '../model/incident.ts';

/** Ids of the hosts that an incident has deleted: nothing is left to be done there. */
export const deletedHosts = ({ journal }: Pick<Incident, 'journal'>): ReadonlySet<string> =>
  new Set(journal.flatMap(({ step, state, uid }) => (step === 'delete-host' && state === 'applied' ? [uid] : [])));
