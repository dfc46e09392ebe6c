import type { Entry } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { StepPorts } from './context.ts';
import { type HostPlace, type SeenHost, unleased, writeHost } from './hosts.ts';
import { type Ledger, withEntry } from './ledger.ts';
import type { Book } from './work.ts';

/** The document of a host that this run leases: nobody else writes it, so it is known as it was last written. */
export type Leased = {
  seen(): Host | undefined;
  wrote(host: Host): void;
  write(change: (current: Host) => Host): Promise<void>;
  giveBack(): Promise<void>;
};

/** The host of a place for one run, known at first as it was `before`. */
export const leasedHost = (ports: StepPorts, ledger: Ledger, place: HostPlace, before: SeenHost): Leased => {
  let seen = before.host;
  const wrote = (host: Host): void => {
    seen = host;
    ledger.hosts.set(place.id, host);
  };
  const write = async (change: (current: Host) => Host): Promise<void> =>
    wrote(await writeHost(ports, place, ledger.token, change, seen));
  return {
    seen: () => seen,
    wrote,
    write,
    giveBack: () =>
      write(unleased).catch(() => {
        ledger.hosts.delete(place.id);
      }),
  };
};

/** Access to the entry in the journal of a host. `copy` puts it into that of the incident. */
export const hostBook = (leased: Leased, known: Entry | undefined, copy: (entry: Entry) => Entry): Book => {
  let last = known;
  return {
    entry: () => last,
    save: async (entry) => {
      await leased.write((host) => {
        const written = { ...host, journal: withEntry(host.journal, entry) };
        return entry.state === 'applying' ? written : unleased(written);
      });
      last = entry;
      // Nothing is sent before this copy is stored, so the incident knows what may be in force if the run ends
      // half-way.
      if (entry.state === 'applying') copy(entry);
    },
  };
};
