import { isPast } from '../decision/correlate.ts';
import { openAsk } from '../decision/open-ask.ts';
import { isBudgetUnasked } from '../decision/state.ts';
import type { Incident } from '../model/incident.ts';
import { requestLine } from './command-line.ts';

/**
 * How to go on with an incident that a budget holds back when nobody is asked about that any more: the sentence and the
 * command. undefined where nothing is held so.
 */
export const heldOn = (incident: Incident, now: number): { text: string; command: string } | undefined => {
  const { goal, held, id, target } = incident;
  if (held?.budget !== true || goal === null || isPast(incident)) return undefined;
  if (isBudgetUnasked(incident) || openAsk(incident, now)?.lifts === true) return undefined;
  return {
    text: `${goal.tier} stays held by the budget. Send contain to try it again: where the budget still has no room, that asks again for its approval`,
    command: requestLine(target, 'contain', id, '--tier', goal.tier),
  };
};
