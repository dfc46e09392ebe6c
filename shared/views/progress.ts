import { type EntryState, isSettled } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import { counted } from '../text.ts';
import { between, durationText } from './time.ts';
import { beginningOf, waitingOf } from './timeline.ts';

/** A part of the progress of a plan, as text. `trouble`: it is about steps that failed or wait for a person. */
type Progress = { text: string; trouble: boolean };

/** The progress of the plan in parts: what was done, what stands in its way, what is left; and how long it took. */
export const progressOf = (incident: Incident): { parts: Progress[]; took: string | undefined } => {
  const count = (...states: EntryState[]): number => incident.journal.filter((e) => states.includes(e.state)).length;
  const done = count('applied');
  const proven = incident.journal.filter((e) => e.state === 'applied' && e.proof === 'proven').length;
  const held = count('held');
  const doing = incident.journal.filter((e) => !isSettled(e) && e.state !== 'held').length;
  const waiting = waitingOf(incident).length;
  const told: Array<[number, string, trouble?: boolean]> = [
    [done, `${counted(done, 'step')} done (${proven} proven)`],
    [count('dry-run'), `${count('dry-run')} only tried (dry run)`],
    [count('undone'), `${count('undone')} undone`],
    [count('not-undoable'), `${count('not-undoable')} not undone`, true],
    [count('failed'), `${count('failed')} failed`, true],
    [count('refused'), `${count('refused')} refused`, true],
    [held, `${held} held`, true],
    [doing, `${doing} under way`],
    [waiting, `${waiting} to do`],
  ];
  const last = incident.journal
    .flatMap((e) => e.endedAt ?? [])
    .toSorted()
    .at(-1);
  const since = incident.summary.firstAt === undefined ? 'the request' : 'the first finding';
  return {
    parts: told.flatMap(([number, text, trouble = false]) => (number === 0 ? [] : [{ text, trouble }])),
    took:
      last === undefined || doing + waiting + held > 0 || incident.state === 'containing'
        ? undefined
        : `finished ${durationText(between(beginningOf(incident), last))} after ${since}`,
  };
};
