import type { Decision } from '../model/decision.ts';
import type { Incident } from '../model/incident.ts';
import { msOf } from '../model/time.ts';
import { isOver } from './correlate.ts';

/** What an incident asks of people at a moment (ms since the epoch); undefined where nothing, or where it has lapsed. */
export const openAsk = (incident: Incident, now: number): Decision['asked'] => {
  const asked = incident.decision?.asked;
  return asked === undefined || isOver(incident) || msOf(asked.until) <= now ? undefined : asked;
};
