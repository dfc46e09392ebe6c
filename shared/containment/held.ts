import type { Incident } from '../model/incident.ts';

/** The incident without the word that held it; what the budget holds back under this goal is held still. */
export const unheld = (incident: Incident): Incident => {
  const { held, ...rest } = incident;
  const still = held?.budget === true && rest.journal.some((e) => e.state === 'held' && e.rev === rest.goal?.rev);
  return still ? incident : rest;
};
