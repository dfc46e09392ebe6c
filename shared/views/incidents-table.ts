import { openAsk } from '../decision/open-ask.ts';
import type { Incident } from '../model/incident.ts';
import { newestFirst } from '../model/time.ts';
import { askedTierText } from './ask-text.ts';
import { filled } from './filled.ts';
import { severityText, stateText, tierText } from './incident-words.ts';
import { tableText } from './table.ts';
import { targetText } from './target.ts';
import type { TextOptions } from './text-options.ts';
import { ageText } from './time.ts';
import { fits } from './visible.ts';

/**
 * Incidents as a table, newest first: id, state, severity, tier, target, age, and what is asked where any of them asks.
 * Where a row does not fit into `columns`, each incident stands on lines of its own.
 */
export const incidentsTable = (incidents: readonly Incident[], options: TextOptions): string => {
  const { palette, now, columns } = options;
  const asks = incidents.some((one) => openAsk(one, now) !== undefined);
  const sorted = newestFirst(incidents, ({ openedAt }) => openedAt);
  const table = tableText(
    ['INCIDENT', 'STATE', 'SEVERITY', 'TIER', 'TARGET', 'AGE', ...(asks ? ['ASKS FOR'] : [])].map((word) =>
      palette.dim(word),
    ),
    sorted.map((i) => [
      i.id,
      stateText(i, palette),
      severityText(i.severity, palette),
      i.decision === null ? '-' : tierText(i.decision),
      targetText(i.target),
      ageText(now - Date.parse(i.openedAt)),
      ...(asks ? [palette.yellow(askedFor(i, now))] : []),
    ]),
  );
  return fits(table, columns) ? table : sorted.flatMap((one) => narrow(one, options)).join('\n');
};

const askedFor = (incident: Incident, now: number): string => {
  const asked = openAsk(incident, now);
  return asked === undefined ? '' : askedTierText(asked);
};

/** The same facts of one incident, for a narrow screen. */
const narrow = (incident: Incident, { palette, now, columns }: TextOptions): string[] => {
  const { id, severity, decision, target, openedAt } = incident;
  const asked = askedFor(incident, now);
  const age = ageText(now - Date.parse(openedAt));
  const facts = [
    severityText(severity, palette),
    stateText(incident, palette),
    ...(decision === null ? [] : [tierText(decision)]),
    ...(asked === '' ? [] : [palette.yellow(`asks for ${asked}`)]),
  ];
  return [
    ...filled([palette.bold(targetText(target)), ...facts], '  ', columns - 2).map((line, n) =>
      n === 0 ? line : `  ${line}`,
    ),
    palette.dim(`  ${id}, ${age === 'now' ? 'now' : `${age} ago`}`),
  ];
};
