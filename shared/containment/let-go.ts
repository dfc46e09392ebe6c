import { isDue } from '../decision/state.ts';
import { Transient } from '../errors.ts';
import { keyOf } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import { type HostPlace, standingOn, updateHost } from './hosts.ts';
import { isTaken, type Ledger, leaseOf } from './ledger.ts';
import type { RunPorts } from './run.ts';

const BUSY_MS = 5_000;
const BUSY_TRIES = 14;

/** For each closed incident among the holders of a host, by id: the keys of the entries that it left in force there. */
export type Left = ReadonlyMap<string, readonly string[]>;
/** What closed incidents have left on a host, as of this revision of its document. */
type Judged = { rev: number | undefined; left: Left };

/**
 * The keys of what a closed incident has left in force on a host. What was made again since is not its own any more:
 * people had taken its change back after the close, and the incident that made it again lets go of it. Told by the
 * request: where the look at a change that stands was denied for a while, its entry has begun later too.
 */
const leftBy = (place: HostPlace, host: Host | undefined, closed: Incident): string[] => {
  const isMadeAgain = (key: string): boolean => {
    const known = host?.journal.find((e) => keyOf(e) === key);
    const mine = closed.journal.find((e) => e.host === place.id && keyOf(e) === key);
    const { at } = closed.goal ?? {};
    return known !== undefined && at !== undefined && known.startedAt > at && known.requestId !== mine?.requestId;
  };
  return standingOn(place, closed).filter((key) => !isMadeAgain(key));
};

/**
 * Reads what closed incidents have left on a host. They never let go of it, so their changes stay, while changes that
 * others have added since do not. Gives only the id of an incident that is still being closed: until the close is
 * through, its journal does not show which changes it leaves.
 */
const leftByClosed = async ({ stores }: RunPorts, ledger: Ledger, place: HostPlace): Promise<Judged | string> => {
  const host = await stores.hosts.get(place.id);
  const others = host?.holders.filter((holder) => holder !== ledger.id) ?? [];
  const found = await Promise.all(others.map((id) => stores.incidents.get(id)));
  // An incident without a document has expired: nothing of it was in force any more.
  const expired = others.filter((_, n) => found[n] === undefined);
  const closed = found.filter((i) => i !== undefined).filter((i) => i.state === 'closed');
  const closing = closed.find(isDue);
  if (closing !== undefined) return closing.id;
  const left = new Map([
    ...expired.map((id): [string, string[]] => [id, []]),
    ...closed.map((one): [string, string[]] => [one.id, leftBy(place, host, one)]),
  ]);
  return { rev: host?.rev, left };
};

/** `gone`: this incident is not among the holders; `kept`: open ones still hold the host; a Host: it must be undone. */
type Let = 'gone' | 'kept' | Host;

/**
 * Leaves the holders of a host once. `busy`: another run works on it; `changed`: it was written since its holders were
 * judged.
 */
const leave = async (
  ports: RunPorts,
  ledger: Ledger,
  place: HostPlace,
  { rev, left }: Judged,
): Promise<Let | 'busy' | 'changed'> => {
  let answer: Let | 'busy' | 'changed' = 'gone';
  const host = await updateHost(ports, place, (current) => {
    answer = 'gone';
    if (!current.holders.includes(ledger.id)) return undefined;
    const others = current.holders.filter((holder) => holder !== ledger.id);
    answer = 'changed';
    if (current.rev !== rev) return undefined;
    if (others.some((holder) => !left.has(holder))) {
      answer = 'kept';
      return { ...current, holders: others };
    }
    answer = 'busy';
    if (isTaken(current.lease, ledger.token, ports.clock.now())) return undefined;
    answer = current;
    return {
      ...current,
      undoing: ledger.id,
      lease: leaseOf(ports.clock, ledger.id, ledger.token),
    };
  });
  return typeof answer === 'string' ? answer : host;
};

/** `left`: what the undo of the host leaves in force. */
type Gone = { answer: Let; left: Left };

/**
 * Leaves a host, and waits up to 70 s for another incident's run on it. Gives only the id of an incident that is still
 * being closed. Throws Transient if the other run is not over then.
 */
export const letGo = async (ports: RunPorts, ledger: Ledger, place: HostPlace): Promise<Gone | string> => {
  for (let tries = 0; tries < BUSY_TRIES; tries += 1) {
    const judged = await leftByClosed(ports, ledger, place);
    if (typeof judged === 'string') return judged;
    const answer = await leave(ports, ledger, place, judged);
    if (answer !== 'busy' && answer !== 'changed') return { answer, left: judged.left };
    if (answer === 'busy') await ports.clock.sleep(BUSY_MS);
  }
  throw new Transient(`another incident's run still works on ${place.node}`);
};
