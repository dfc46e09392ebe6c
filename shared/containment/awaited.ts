import { standsForPods } from '../decision/awaited.ts';
import { type Entry, isSettled, keyOf, type PlanItem } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import { msOf, timeOf } from '../model/time.ts';
import { newEntry, settled } from './entry-states.ts';
import { entryFor } from './ledger.ts';

/** When to look again once the time of waiting is over, and the tick has not looked for the last time yet. */
const AGAIN_MS = 30_000;

/**
 * The entry of an item that stands for pods which a named workload does not have: pending while the tick looks for
 * them, then skipped.
 */
export const awaitedEntry = ({ journal, podsUntil }: Incident, item: PlanItem, rev: number, now: number): Entry => {
  const startedAt = entryFor(journal, item)?.startedAt ?? timeOf(now);
  const entry: Entry = { ...newEntry(item, rev, now), startedAt };
  const [workload] = item.subject.split('#', 1);
  return podsUntil === undefined
    ? settled(entry, 'skipped', now, `no pod of ${workload} was there in time: ask again once it has pods`)
    : {
        ...entry,
        because: `${workload} has no pod yet`,
        wakeAt: timeOf(Math.max(msOf(podsUntil), now + AGAIN_MS)),
      };
};

/** The journal without open entries that stood for pods, where the plan has the pods' own items by now. */
export const withoutArrived = (
  { subjects }: Pick<Incident, 'subjects'>,
  journal: readonly Entry[],
  plan: readonly PlanItem[],
): Entry[] => {
  const planned = new Set(plan.map(keyOf));
  return journal.filter((e) => isSettled(e) || planned.has(keyOf(e)) || !standsForPods({ subjects }, e));
};
