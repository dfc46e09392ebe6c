import { Transient } from '../errors.ts';
import { type Entry, isSettled, type PlanItem } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import type { Hold } from './context.ts';
import { newEntry, settled } from './entry-states.ts';
import { heldMark } from './held.ts';
import type { Turn } from './order.ts';
import type { Reserve } from './reserve.ts';

/** The incident marked as held by the budget, which holds this entry back. */
export const withHeld = (i: Incident, entry: Entry): Incident =>
  i.held?.budget === true ? i : { ...i, held: heldMark(entry) };

/** Whether nothing of an item has been done. */
export const isUnbegun = (entry: Entry | undefined): boolean =>
  entry?.before === undefined && entry?.host === undefined;

/** The entry of a step that the budget holds back after it was begun: nobody knows whether its change was made. */
const heldAgain = (e: Entry, because: string, now: number): Entry => ({
  ...settled(e, 'held', now, because, 'not proven'),
  ...(e.anew === undefined ? {} : { anew: e.anew }),
});

/** The entry of an item that the budget holds back. `known`: the entry that it has so far. */
export const heldEntry = (
  item: PlanItem,
  known: Entry | undefined,
  rev: number,
  because: string,
  now: number,
): Entry =>
  known === undefined || isUnbegun(known)
    ? { ...newEntry(item, rev, now), state: 'held', because }
    : heldAgain({ ...known, rev }, because, now);

/** How a budget is asked about an item; undefined where it need not be. */
export const askedHow = (turn: Turn, entry: Entry | undefined, { dry }: Hold): Parameters<Reserve>[1] | undefined => {
  if (turn.turn === 'wait' || dry) return undefined;
  if (isUnbegun(entry)) return turn.turn === 'go' ? 'begins' : 'ends';
  const isOpen = entry !== undefined && (!isSettled(entry) || entry.state === 'failed' || entry.state === 'refused');
  return turn.turn === 'go' && isOpen ? 'goes on' : undefined;
};

/** Why the budget holds an item back, if it does; or the fault that keeps it from telling: the other items go on. */
export const heldBack = async (
  reserve: Reserve,
  item: PlanItem,
  how: Parameters<Reserve>[1],
): Promise<{ because?: string | undefined } | { fault: Transient }> => {
  try {
    return { because: await reserve(item, how) };
  } catch (thrown) {
    if (thrown instanceof Transient) return { fault: thrown };
    throw thrown;
  }
};
