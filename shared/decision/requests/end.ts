import type { Goal } from '../../model/decision.ts';
import type { Incident } from '../../model/incident.ts';
import { HALT_ID, type HaltRecord } from '../../model/records.ts';
import { asSaid } from '../../text.ts';
import { targetText } from '../../views/target.ts';
import { askedText } from '../replaced.ts';
import { isDue, withNotice } from '../state.ts';
import { haltedText } from '../under-halt.ts';
import { type Carried, carryInto } from './carry-into.ts';
import { passOn } from './pass-on.ts';
import { type Asked, type Judged, nowOf, type OperatePorts, type Outcome, refuse, withoutAsk } from './request.ts';

type Ending = {
  tier: 'released' | 'closed';
  /** Why an incident cannot be ended this way, under this halt; undefined if it can. */
  refusal(incident: Incident, halt: HaltRecord | undefined, goal: Goal): string | undefined;
  outcome(halt: HaltRecord | undefined, goal: Goal): string;
};

/** Tells an operator who waits for the approval of an ask that it ends with the incident. */
const withdrawn = ({ decision }: Incident): string[] => {
  const open = decision?.asked;
  return open?.by === undefined ? [] : [`no longer asked: ${askedText(open)}`];
};

const ended = async (ports: OperatePorts, asked: Asked, ending: Ending): Promise<Outcome> => {
  const { incident: id, requestedBy: by, reason, action } = asked.request;
  if (id === undefined) return refuse(`field "incident": it is missing; name the incident to ${action}`);
  const halt = await ports.stores.halts.get(HALT_ID);
  const end = (current: Incident): Carried => {
    const goal: Goal = {
      rev: (current.goal?.rev ?? 0) + 1,
      tier: ending.tier,
      by,
      mode: 'act',
      // When it was asked for, not when it was read: under a halt, only a release that was asked for after it may act.
      at: asked.at,
      requested: true,
    };
    const refusal = ending.refusal(current, halt, goal);
    if (refusal !== undefined) return { refused: `incident ${id} ${refusal}` };
    const title = `${by} asks to ${action} ${targetText(current.target)}`;
    const next = withNotice(
      { ...withoutAsk(current), goal },
      { kind: 'info', title, lines: [asSaid(reason), ...withdrawn(current)] },
      nowOf(ports),
    );
    return { next, outcome: ending.outcome(halt, goal) };
  };
  const after = ending.tier === 'closed' ? (stored: Incident) => passOn(ports, stored) : undefined;
  return carryInto(ports, asked, id, end, after);
};

/** Whether a halt keeps a goal from being carried out. */
const isHeld = (halt: HaltRecord | undefined, goal: Goal): boolean => haltedText(halt, goal) !== undefined;

/**
 * `release`: the run stops before its next change, and what is in force is undone, last change first. A release that
 * waits for the end of a halt is begun by one that is asked for after the halt.
 */
export const release: Judged = (ports, asked) =>
  ended(ports, asked, {
    tier: 'released',
    outcome: (halt, goal) =>
      isHeld(halt, goal)
        ? `nothing is undone before somebody resumes: everything is halted by ${halt?.by}, and this was asked for before that; to undo it now, send release again`
        : 'changes in force are being undone; new findings open the next episode and for a while lead at most to an ask',
    refusal: (incident, halt, goal) => {
      const known = incident.goal;
      if (known?.tier === 'closed') return 'is closed: its changes were left in force on purpose; undo them by hand';
      if (known?.tier !== 'released') return undefined;
      if (!isDue(incident)) return 'is already released';
      if (!isHeld(halt, known)) return 'is already released, and its changes are still being undone';
      return isHeld(halt, goal)
        ? `is released, and waits for the end of the halt by ${halt?.by}: this request is dated ${goal.at}, which is before the halt was stored; send it again, with the sender's clock set`
        : undefined;
    },
  });

/** `close`: nothing more is planned, and what is in force stays with its marks. */
export const close: Judged = (ports, asked) =>
  ended(ports, asked, {
    tier: 'closed',
    outcome: () => 'closed: no further step starts, and changes in force stay',
    refusal: (incident) =>
      incident.goal?.tier === 'closed'
        ? 'is already closed'
        : incident.goal?.tier === 'released' && !isDue(incident)
          ? 'is already released: there is nothing to close'
          : undefined,
  });
