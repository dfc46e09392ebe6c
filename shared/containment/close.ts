import type { Goal } from '../model/decision.ts';
import { isSettled } from '../model/entry.ts';
import type { Progress } from './carry-out.ts';
import { placesOf, unleased, updateHost } from './hosts.ts';
import type { Ledger } from './ledger.ts';
import type { RunPorts } from './run.ts';
import { Stopped } from './stopped.ts';
import { settled } from './work.ts';

/**
 * Ends the undo of hosts that a release of this incident had begun. What is not undone stays, and the hosts can be
 * joined again, for example by the next episode, which takes them over.
 */
const endUndoing = async (ports: RunPorts, ledger: Ledger): Promise<void> => {
  const { id } = ledger;
  for (const place of placesOf(ledger.seen()))
    await updateHost(ports, place, (current) => {
      if (current.undoing !== id) return undefined;
      const { undoing: _, ...rest } = current;
      return rest.lease?.owner === id ? unleased(rest) : rest;
    });
};

/** Closes an incident: settles every open entry as it stands, and leaves changes and marks in the world. */
export const close = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<Progress> => {
  await ledger.write((i) => {
    if (i.goal?.rev !== goal.rev) throw new Stopped('goal', 'the goal changed while the incident was being closed');
    return {
      ...i,
      journal: i.journal.map((e) => {
        if (isSettled(e)) return e;
        const begun = e.before !== undefined || e.host !== undefined;
        return settled(
          e,
          begun ? 'applied' : 'skipped',
          ports.clock.now(),
          begun ? 'closed while this was under way' : 'closed before it began',
          begun ? 'not proven' : null,
        );
      }),
    };
  });
  await endUndoing(ports, ledger);
  return { settled: true, notes: [] };
};
