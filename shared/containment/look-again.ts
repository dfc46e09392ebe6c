import type { Entry } from '../model/entry.ts';
import { boundOf } from './bound.ts';
import { contextOf, type Hold, placeOf } from './context.ts';
import { doubted, doubtOf } from './joined.ts';
import { entryFor, type Ledger, withEntry } from './ledger.ts';
import type { RunPorts } from './run.ts';

/**
 * Looks in the world for changes that the journal tells as proven. `said`: what is said of one that is not in force
 * any more, which is then told as not proven, given the doubt about it. Of a shared change the host knows more: it may
 * have been taken back, or be on its way back. `isDoubt` as with `doubtOf`.
 */
export const lookAgain = async (
  ports: RunPorts,
  ledger: Ledger,
  hold: Hold,
  entries: readonly Entry[],
  said: (e: Entry, doubt: string) => ReadonlyArray<string | undefined>,
  isDoubt?: (thrown: unknown) => boolean,
): Promise<void> => {
  for (const e of entries) {
    if (e.state !== 'applied' || e.proof !== 'proven') continue;
    const bound = boundOf(ports.stepOf, ledger.seen(), e);
    if (bound === undefined) continue;
    const place = e.host === undefined ? undefined : placeOf(bound);
    const shared = place === undefined ? [] : ((await ports.stores.hosts.get(place.id))?.journal ?? []);
    const known = place === undefined ? e : entryFor(shared, e);
    const context = () => contextOf(ports, ledger.seen(), bound.subject, hold, place, () => shared);
    if (known === undefined) continue;
    const doubt =
      known.state === 'applied'
        ? await doubtOf(known, bound, context, isDoubt)
        : `it is ${known.state} on its host by now`;
    if (doubt === undefined) continue;
    const told = doubted(e, ...said(e, doubt));
    ledger.note((i) => ({ ...i, journal: withEntry(i.journal, told) }));
  }
};
