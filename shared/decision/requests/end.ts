import { updateIncident } from '../../incidents.ts';
import type { Goal } from '../../model/decision.ts';
import type { Incident } from '../../model/incident.ts';
import { targetText } from '../../views/target.ts';
import { isDue, withNotice } from '../state.ts';
import {
  type Asked,
  accept,
  carriedIn,
  type Judged,
  nowOf,
  type OperatePorts,
  type Outcome,
  refuse,
  withoutAsk,
  withRequest,
} from './request.ts';

type Ending = {
  tier: 'released' | 'closed';
  /** Why an incident cannot be ended this way; undefined if it can. */
  refusal(incident: Incident): string | undefined;
  outcome: string;
};

const ended = async (ports: OperatePorts, asked: Asked, ending: Ending): Promise<Outcome> => {
  const { incident: id, requestedBy: by, reason, action } = asked.request;
  if (id === undefined) return refuse(`field "incident": it is missing; name the incident to ${action}`);
  let answer = refuse(`there is no incident ${id}: see \`firebreak incidents\``);
  await updateIncident(ports, id, (current) => {
    if (carriedIn(current, asked.id) !== undefined) {
      answer = accept(ending.outcome, id);
      return current;
    }
    const refusal = ending.refusal(current);
    if (refusal !== undefined) {
      answer = refuse(`incident ${id} ${refusal}`, id);
      return current;
    }
    answer = accept(ending.outcome, id);
    const goal: Goal = {
      rev: (current.goal?.rev ?? 0) + 1,
      tier: ending.tier,
      by,
      mode: 'act',
      // When it was asked for, not when it was read: under a halt, only a release that was asked for after it may act.
      at: asked.at,
      requested: true,
    };
    const title = `${by} asks to ${action} ${targetText(current.target)}`;
    const told = withNotice({ ...withoutAsk(current), goal }, { kind: 'info', title, lines: [reason] }, nowOf(ports));
    return withRequest(told, asked.id, ending.outcome);
  });
  return answer;
};

/** `release`: the run stops before its next change, and what is in force is undone, last change first. */
export const release: Judged = (ports, asked) =>
  ended(ports, asked, {
    tier: 'released',
    outcome:
      'changes in force are being undone; new findings open the next episode and for a while lead at most to an ask',
    refusal: ({ goal }) =>
      goal?.tier === 'released'
        ? 'is already released'
        : goal?.tier === 'closed'
          ? 'is closed: its changes were left in force on purpose; undo them by hand'
          : undefined,
  });

/** `close`: nothing more is planned, and what is in force stays with its marks. */
export const close: Judged = (ports, asked) =>
  ended(ports, asked, {
    tier: 'closed',
    outcome: 'closed: no further step starts, and changes in force stay',
    refusal: (incident) =>
      incident.goal?.tier === 'closed'
        ? 'is already closed'
        : incident.goal?.tier === 'released' && !isDue(incident)
          ? 'is already released: there is nothing to close'
          : undefined,
  });
