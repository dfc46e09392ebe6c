import { isDue } from '../decision/state.ts';
import { Transient } from '../errors.ts';
import { updateIncident } from '../incidents.ts';
import { type Entry, isLeftBehind, keyOf } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import { reasons } from './entry-states.ts';
import { placesOf, updateHost } from './hosts.ts';
import type { Ledger } from './ledger.ts';
import { TAKEN_OVER_REV } from './order.ts';
import type { RunPorts } from './run.ts';

/** The entries that a closed incident has left, those included that this incident has begun to take over. */
const standingOf = (ports: RunPorts, former: Incident, by: string): Entry[] =>
  former.journal.filter(({ takenBy, ...e }) => {
    const isFree = takenBy === undefined || takenBy === by;
    return isFree && isLeftBehind(e) && ports.stepOf(e.step)?.undoable !== false;
  });

const takenFrom = (former: Incident, { halfway, takenBy: _, ...e }: Entry): Entry => ({
  ...e,
  // A step that a close ended half-way may never have been sent. The goal continues it from its before-image.
  ...(halfway === true ? { state: 'held', proof: null } : {}),
  // Goal revisions count per incident. This one is lower than any here, so the goal repeats the checks of a new goal.
  rev: TAKEN_OVER_REV,
  ...reasons(`taken over from ${former.id}`, e.because),
  // A shared change carries the mark of its host, whoever holds that, so it needs no mark here.
  ...(e.host === undefined ? { mark: e.mark ?? former.id } : {}),
});

/**
 * The episode whose changes are taken over: the previous one, or, where that never had a goal or has taken back its own
 * changes, the episode that it was to take over.
 */
const formerOf = async (ports: RunPorts, id: string): Promise<Incident | undefined> => {
  const former = await ports.stores.incidents.get(id);
  const hasNone = former?.goal === null || former?.goal?.tier === 'released';
  return hasNone && former?.takesOver !== undefined ? formerOf(ports, former.takesOver) : former;
};

/**
 * Takes over what the previous, closed episode left in force: its entries with their before-images and marks, and its
 * place among the holders of hosts; then what that one was to take over. From then on this incident releases them.
 * Harmless to repeat after a crash anywhere. `waits: false`: a host that another incident undoes is left to a later call,
 * since containment elsewhere must not wait for it.
 *
 * @throws Transient while the previous episode is still being closed, or while another incident undoes one of its
 * hosts.
 */
export const takeOver = async (ports: RunPorts, ledger: Ledger, { waits = true } = {}): Promise<void> => {
  const { takesOver: previous, id } = ledger.seen();
  if (previous === undefined) return;
  const former = await formerOf(ports, previous);
  const takesOver = former?.id ?? previous;
  if (former !== undefined && isDue(former)) throw new Transient(`incident ${former.id} is still being closed`);
  const taken = former === undefined ? [] : standingOf(ports, former, id);
  const isUndone = ({ holders, undoing }: Host): boolean =>
    holders.includes(takesOver) && undoing !== undefined && undoing !== takesOver;
  let isThrough = true;
  for (const place of former === undefined ? [] : placesOf(former)) {
    const host = await updateHost(ports, place, (current) => {
      if (!current.holders.includes(takesOver) || isUndone(current)) return undefined;
      return {
        ...current,
        holders: [...new Set(current.holders.map((holder) => (holder === takesOver ? id : holder)))],
      };
    });
    if (waits && isUndone(host))
      throw new Transient(`incident ${host.undoing} is taking back its changes on ${place.node}`);
    isThrough &&= !isUndone(host);
  }
  const keys = new Set(taken.map(keyOf));
  const left = await updateIncident(ports, takesOver, (current) => ({
    ...current,
    journal: current.journal.map((e) => (keys.has(keyOf(e)) ? { ...e, takenBy: id } : e)),
  }));
  await ledger.write((incident) => {
    const { takesOver: _, ...done } = incident;
    const i = !isThrough ? incident : left?.takesOver === undefined ? done : { ...done, takesOver: left.takesOver };
    const known = new Set(i.journal.map(keyOf));
    const mine = former === undefined ? [] : taken.filter((e) => !known.has(keyOf(e))).map((e) => takenFrom(former, e));
    return { ...i, journal: [...mine, ...i.journal] };
  });
  // Another close may have left its changes to the episode that these were taken from.
  if (isThrough && left?.takesOver !== undefined) await takeOver(ports, ledger, { waits });
};
