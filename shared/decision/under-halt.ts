import type { Goal } from '../model/decision.ts';
import type { HaltRecord } from '../model/records.ts';
import { later } from './correlate.ts';

/**
 * Whether a goal may be carried out although everything is halted: a release that was asked for after the halt. The
 * time when the halt was stored counts as well, since a halt with an earlier time of its own must not let releases
 * through that were asked for before anybody could know of it.
 */
const isExemptFrom = ({ at, since }: HaltRecord, goal: Goal): boolean =>
  goal.tier === 'released' && goal.at > later(at, since ?? at);

/** Why a halt keeps a goal from being carried out, in a sentence; undefined where none does. */
export const haltedText = (halt: HaltRecord | undefined, goal: Goal | null): string | undefined =>
  halt?.halted !== true || (goal !== null && isExemptFrom(halt, goal))
    ? undefined
    : `halted by ${halt.by}: ${halt.reason}`;

/** The halts and resumes that a record remembers as carried out, newest last. An older record has only the last one. */
export const setIn = ({ done, request, halted }: HaltRecord): NonNullable<HaltRecord['done']> =>
  done ?? (request === undefined ? [] : [{ id: request, halted }]);
