import { type Entry, isStanding, keyOf } from '../model/entry.ts';
import { type HostPlace, standingOn, updateHost } from './hosts.ts';
import type { Ledger } from './ledger.ts';
import type { RunPorts } from './run.ts';

/**
 * The entries in force on a host that none of its holders has in its journal: the incidents that made these changes
 * were released while this incident held the host. None while another open incident holds it, since that one lets go of
 * it later. Writes the host, so that a release which has judged the holders before judges them again.
 */
export const ownerlessOn = async (ports: RunPorts, ledger: Ledger, place: HostPlace): Promise<Entry[]> => {
  const host = await updateHost(ports, place, (current) =>
    current.holders.includes(ledger.id) ? { ...current } : undefined,
  );
  if (!host.holders.includes(ledger.id)) return [];
  const others = await Promise.all(
    host.holders.filter((id) => id !== ledger.id).map((id) => ports.stores.incidents.get(id)),
  );
  const known = others.filter((other) => other !== undefined);
  if (known.some(({ state }) => state !== 'closed')) return [];
  const named = new Set([ledger.seen(), ...known].flatMap((i) => standingOn(place, i)));
  return host.journal.filter((e) => isStanding(e) && !named.has(keyOf(e)));
};
