import { updateIncident } from '../../incidents.ts';
import type { Incident } from '../../model/incident.ts';
import { type Asked, accept, carriedIn, type OperatePorts, type Outcome, refuse, withRequest } from './request.ts';

/** What a request makes of an incident, with the answer to its sender; or why it is refused. */
export type Carried = { next: Incident; outcome: string } | { refused: string };

/**
 * Carries a request into an incident. `change` judges the newest document. A request that is noted in it was carried in
 * by an earlier delivery, and is answered as it was then. `after` gets the document once an accepted request stands in
 * it, at every delivery.
 */
export const carryInto = async (
  ports: OperatePorts,
  asked: Asked,
  id: string,
  change: (current: Incident) => Carried,
  after?: (stored: Incident) => Promise<void>,
): Promise<Outcome> => {
  let answer = refuse(`there is no incident ${id}: see \`firebreak incidents\``);
  const stored = await updateIncident(ports, id, (current) => {
    const before = carriedIn(current, asked.id);
    if (before !== undefined) {
      answer = accept(before, id);
      return current;
    }
    const carried = change(current);
    if ('refused' in carried) {
      answer = refuse(carried.refused, id);
      return current;
    }
    answer = accept(carried.outcome, id);
    return withRequest(carried.next, asked.id, carried.outcome);
  });
  if (answer.state === 'accepted' && stored !== undefined) await after?.(stored);
  return answer;
};
