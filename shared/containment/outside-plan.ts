import { keyOf } from '../model/entry.ts';
import { boundOf } from './bound.ts';
import { contextOf, type Hold, placeOf } from './context.ts';
import { doubted, doubtOf } from './joined.ts';
import { entryFor, type Ledger, withEntry } from './ledger.ts';
import { isUnseen } from './order.ts';
import type { RunPorts } from './run.ts';

/**
 * Looks at what was taken over from a closed episode and is not looked at by the plan, because the goal is a dry run or
 * lower than that episode's was. What people took back after the close is not made again under this goal, but it is not
 * told as proven either. A higher goal looks at it again.
 */
export const lookOutsidePlan = async (ports: RunPorts, ledger: Ledger, hold: Hold): Promise<void> => {
  const { journal, plan } = ledger.seen();
  const planned = new Set(plan.map(keyOf));
  for (const e of journal) {
    if (!isUnseen(e) || e.proof !== 'proven' || (planned.has(keyOf(e)) && !hold.dry)) continue;
    const bound = boundOf(ports.stepOf, ledger.seen(), e);
    if (bound === undefined) continue;
    const place = e.host === undefined ? undefined : placeOf(bound);
    const shared = place === undefined ? [] : ((await ports.stores.hosts.get(place.id))?.journal ?? []);
    const known = place === undefined ? e : entryFor(shared, e);
    const context = contextOf(ports, ledger.seen(), bound.subject, hold, place, () => shared);
    const doubt = known === undefined ? undefined : await doubtOf(known, bound, context);
    if (doubt === undefined) continue;
    const why = hold.dry ? 'a dry run does not make it again' : 'it is above the tier of the goal';
    const told = doubted(e, e.because ?? 'taken over', `${doubt}, and ${why}`);
    ledger.note((i) => ({ ...i, journal: withEntry(i.journal, told) }));
  }
};
