import type { Goal } from '../model/decision.ts';
import { isSettled } from '../model/entry.ts';
import { earliest, timeOf } from '../model/time.ts';
import type { Hold } from './context.ts';
import { type Ledger, withEntry } from './ledger.ts';
import { releaseHosts } from './release-hosts.ts';
import type { RunPorts } from './run.ts';
import { isUndone, isWaiting, undo } from './undo.ts';
import type { Walk } from './walk.ts';
import { settled } from './work.ts';

/** Settles the open entries that need no undo: unbegun ones are skipped; evidence under way goes on and is kept. */
const endPlanned = (ports: RunPorts, ledger: Ledger): Promise<unknown> =>
  ledger.write((i) => ({
    ...i,
    journal: i.journal.map((e) => {
      if (isSettled(e) || e.host !== undefined) return e;
      const now = ports.clock.now();
      if (e.before === undefined) return settled(e, 'skipped', now, 'released before this step began');
      return ports.stepOf(e.step)?.undoable === false
        ? settled(e, 'applied', now, 'released while this step was under way; evidence is kept', 'not proven')
        : e;
    }),
  }));

/**
 * Undoes what this incident did, newest first: a change only where our own mark stands, a shared host only when its
 * last holder lets go. What cannot be undone is recorded. Walks once; harmless to walk again.
 */
export const release = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<Walk> => {
  const hold: Hold = { token: ledger.token, goalRev: goal.rev, dry: false, gated: false };
  await endPlanned(ports, ledger);
  let all = true;
  for (const e of ledger.seen().journal.toReversed()) {
    if (e.host !== undefined || isUndone(e) || ports.stepOf(e.step)?.undoable === false) continue;
    const after = await undo(ports, ledger, e, hold, undefined, ledger.seen().journal);
    await ledger.write((i) => ({ ...i, journal: withEntry(i.journal, after) }));
    if (isWaiting(after)) all = false;
  }
  const hosts = await releaseHosts(ports, ledger, hold);
  const wakes = ledger
    .seen()
    .journal.filter(isWaiting)
    .map((e) => e.wakeAt);
  // Entries behind a waiting one were not reached, and still have an old `wakeAt`: one that is past counts only alone.
  const ahead = wakes.filter((at) => at !== undefined && at > timeOf(ports.clock.now()));
  const wake = earliest(...(ahead.length === 0 ? wakes : ahead));
  return { settled: hosts && all, again: false, wake };
};
