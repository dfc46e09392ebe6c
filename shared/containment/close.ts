import type { Goal } from '../model/decision.ts';
import { isSettled } from '../model/entry.ts';
import type { Progress } from './carry-out.ts';
import { placesOf, unleased, updateHost } from './hosts.ts';
import type { Ledger } from './ledger.ts';
import type { RunPorts } from './run.ts';
import { Stopped } from './stopped.ts';
import { settled } from './work.ts';

/**
 * A release that had begun to undo a host ends with it: what it has not undone stays, and the host can be joined again,
 * as by the next episode, which takes it over.
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

/** Ends planning and leaves the marks: what was under way is recorded as it stands. */
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
          begun ? 'closed while this step was under way' : 'closed before this step began',
          begun ? 'not proven' : null,
        );
      }),
    };
  });
  await endUndoing(ports, ledger);
  return { settled: true, notes: [] };
};
