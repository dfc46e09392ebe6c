import type { Decision } from '../model/decision.ts';
import type { Incident } from '../model/incident.ts';
import { STATE_INK } from './marks.ts';
import type { Palette } from './palette.ts';

/** The severity of an incident, in colour: red for high and critical. */
export const severityText = (severity: Incident['severity'], palette: Palette): string => {
  if (severity === null) return palette.cyan('REQUESTED');
  const word = severity.toUpperCase();
  return palette.bold(
    severity === 'critical' || severity === 'high'
      ? palette.red(word)
      : severity === 'medium'
        ? palette.yellow(word)
        : word,
  );
};

/** The state of an incident in its colour, and whether something holds it: contained alone would read as done. */
export const stateText = ({ state, held }: Pick<Incident, 'state' | 'held'>, palette: Palette): string =>
  `${palette[STATE_INK[state]](state)}${held === undefined ? '' : `, ${palette.yellow('held')}`}`;

/** The tier of a decision. A dry run must not read as if something were done. */
export const tierText = ({ tier, verdict }: Decision): string => (verdict === 'dry-run' ? `${tier} (dry run)` : tier);
