import { heldByBudget } from '../decision/state.ts';
import { Transient } from '../errors.ts';
import { type Entry, isSettled } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import { HALT_ID } from '../model/records.ts';
import { msOf, type Time, timeOf } from '../model/time.ts';
import type { ContainPorts } from '../ports.ts';
import { lastWorkedOn } from './entry-states.ts';
import type { Ledger } from './ledger.ts';

/** The mark of an incident of which the budget holds back this entry. */
export const heldMark = ({ because = 'the budget is used up', startedAt, endedAt }: Entry) => ({
  because,
  at: endedAt ?? startedAt,
  budget: true as const,
});

/**
 * The incident without its `held` mark, unless the budget holds back an item under the present goal. A halt writes its
 * own mark over that of the budget, which is therefore made again from the item.
 */
export const unheld = (incident: Incident): Incident => {
  const { held, ...rest } = incident;
  const item = heldByBudget(rest);
  if (item === undefined) return rest;
  if (held?.budget === true) return incident;
  return { ...rest, held: heldMark(item) };
};

/**
 * Notes since when a begun step is held: the halt does not count against the step's time. The copy of a shared entry
 * keeps its state.
 */
const heldFrom =
  ({ because, at }: { because: string; at: Time }) =>
  (e: Entry): Entry => {
    if (isSettled(e) || e.endedAt !== undefined) return e;
    const endedAt = timeOf(lastWorkedOn(e, msOf(at)));
    if (e.host !== undefined) return { ...e, endedAt };
    const isTimed = e.deadline !== undefined && e.before !== undefined;
    return isTimed ? { ...e, state: 'held', endedAt, because } : e;
  };

/**
 * Ends a run because of a halt. A resume that was stored meanwhile found the incident leased and woke nobody. So the
 * halt is read again after the lease is given up: either the resume finds the incident free, or this read finds the
 * resume.
 *
 * @throws Transient where there is no halt any more: the message comes again, and the run goes on.
 */
export const holdUnderHalt = async (
  ports: Pick<ContainPorts, 'clock' | 'stores'>,
  ledger: Ledger,
  because: string,
): Promise<Incident | undefined> => {
  const held = { because, at: timeOf(ports.clock.now()) };
  const left = await ledger.close((i) => ({ ...i, held, journal: i.journal.map(heldFrom(held)) }));
  const halt = await ports.stores.halts.get(HALT_ID);
  if (halt?.halted !== true) throw new Transient(`incident ${ledger.id} was held by a halt that has ended: it resumes`);
  return left;
};
