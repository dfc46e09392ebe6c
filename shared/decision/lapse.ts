import type { Incident } from '../model/incident.ts';
import { timeOf } from '../model/time.ts';
import { momentText } from '../views/time.ts';
import { isOver } from './correlate.ts';
import type { Rules } from './decide-tier.ts';
import { ranOut } from './episode.ts';
import { noLongerAsked } from './replaced.ts';
import { withAskEnded } from './requests/ask-ended.ts';

/**
 * The incident without an ask that nobody answered in time, or before the next episode was opened; people are told.
 * Nothing changes if it is still open.
 */
export const withLapse = (rules: Rules, incident: Incident, now: number): Incident => {
  const at = timeOf(now);
  const asked = incident.decision?.asked;
  const past = ranOut(incident);
  if (asked === undefined || (asked.until > at && past === undefined) || isOver(incident)) return incident;
  const because =
    past === undefined
      ? `the ask for ${asked.tier} lapsed at ${momentText(asked.until)} without an answer`
      : `the ask for ${asked.tier} is over: ${past}`;
  const title = noLongerAsked(asked);
  return withAskEnded(
    rules,
    incident,
    asked,
    { outcome: 'lapsed', by: 'nobody', because, title, lines: [because] },
    now,
  );
};
