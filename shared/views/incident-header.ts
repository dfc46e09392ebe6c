import type { Incident } from '../model/incident.ts';
import { filled } from './filled.ts';
import { severityText, stateText, tierText } from './incident-words.ts';
import { placeText, targetText } from './target.ts';
import type { TextOptions } from './text-options.ts';
import { ageText, momentText } from './time.ts';

/** What an incident is, how bad, and where, on as few lines as hold it. */
export const incidentHeader = (incident: Incident, { palette, columns, now }: TextOptions): string[] => {
  const { severity, confidence, target, decision, openedAt } = incident;
  const tier = decision === null ? '' : ` · ${tierText(decision)}`;
  const age = ageText(now - Date.parse(openedAt));
  const facts = [
    ...(confidence === null ? [] : [`confidence ${confidence.toFixed(2)}`]),
    `incident ${incident.id}`,
    placeText(target),
    `${momentText(openedAt)}${age === 'now' ? '' : `, ${age} ago`}`,
  ];
  return [
    ...filled(
      [severityText(severity, palette), palette.bold(targetText(target)), `${stateText(incident, palette)}${tier}`],
      '  ',
      columns,
    ),
    ...filled(facts, ' · ', columns).map(palette.dim),
  ];
};
