import type { Decision } from '../model/decision.ts';
import type { Incident } from '../model/incident.ts';
import { msOf } from '../model/time.ts';
import { isPast } from './correlate.ts';

/** The ask that is open at `now` (ms since the epoch); undefined if there is none, or it lapsed, or the episode is past. */
export const openAsk = (incident: Incident, now: number): Decision['asked'] => {
  const asked = incident.decision?.asked;
  return asked === undefined || isPast(incident) || msOf(asked.until) <= now ? undefined : asked;
};
