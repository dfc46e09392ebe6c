import type { Goal } from '../model/decision.ts';
import { isSettled } from '../model/entry.ts';
import type { Ledger } from './ledger.ts';
import type { Progress, RunPorts } from './run.ts';
import { Stopped } from './stopped.ts';
import { settled } from './work.ts';

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
          begun ? 'closed while this was under way' : 'closed before it began',
          begun ? 'not proven' : null,
        );
      }),
    };
  });
  return { settled: true, notes: [] };
};
