import { openAsk } from '../decision/open-ask.ts';
import type { Incident } from '../model/incident.ts';
import { severityText, stateText, type TextOptions, tierText } from './incident-text.ts';
import { tableText } from './table.ts';
import { targetText } from './target.ts';
import { ageText } from './time.ts';

/** Incidents as a table, newest first: id, state, severity, tier, target, age, and what is asked where any of them asks. */
export const incidentsTable = (incidents: readonly Incident[], { palette, now }: TextOptions): string => {
  const asks = incidents.some((one) => openAsk(one, now) !== undefined);
  return tableText(
    ['INCIDENT', 'STATE', 'SEVERITY', 'TIER', 'TARGET', 'AGE', ...(asks ? ['ASKS FOR'] : [])].map((word) =>
      palette.dim(word),
    ),
    incidents
      .toSorted((a, b) => (a.openedAt < b.openedAt ? 1 : a.openedAt > b.openedAt ? -1 : 0))
      .map((i) => [
        i.id,
        stateText(i.state, palette),
        severityText(i.severity, palette),
        i.decision === null ? '-' : tierText(i.decision),
        targetText(i.target),
        ageText(now - Date.parse(i.openedAt)),
        ...(asks ? [palette.yellow(openAsk(i, now)?.tier ?? '')] : []),
      ]),
  );
};
