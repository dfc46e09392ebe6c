import { isDue } from '../decision/state.ts';
import { Transient } from '../errors.ts';
import { type Entry, isSettled, keyOf } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import type { Incident } from '../model/incident.ts';
import type { Hold } from './context.ts';
import { settled, unbegun } from './entry-states.ts';
import { type HostPlace, standingOn, unleased, updateHost, writeHost } from './hosts.ts';
import { entryFor, isTaken, type Ledger, leaseOf, withEntry } from './ledger.ts';
import { mirrored } from './mirrored.ts';
import type { RunPorts } from './run.ts';
import { isUndone, isUndoOver, isWaiting, undo } from './undo.ts';

const BUSY_MS = 5_000;
const BUSY_TRIES = 14;

type Let = 'gone' | 'kept' | 'busy' | 'changed' | Host;

/** For each closed incident among the holders of a host, by id: the keys of the entries that it left in force there. */
type Left = ReadonlyMap<string, readonly string[]>;
/** What closed incidents have left on a host, as of this revision of its document. */
type Judged = { rev: number | undefined; left: Left };

/**
 * The keys of what a closed incident has left in force on a host. What was made again since is not its own any more:
 * people had taken its change back after the close, and the incident that made it again lets go of it.
 */
const leftBy = (place: HostPlace, host: Host | undefined, closed: Incident): string[] => {
  const isMadeAgain = (key: string): boolean => {
    const known = host?.journal.find((e) => keyOf(e) === key);
    const mine = closed.journal.find((e) => e.host === place.id && keyOf(e) === key);
    const { at } = closed.goal ?? {};
    return known !== undefined && at !== undefined && known.startedAt > at && known.startedAt !== mine?.startedAt;
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

/**
 * Leaves the holders of a host. `gone`: this incident is not among them; `kept`: open incidents still hold it; `busy`:
 * another run works on it; `changed`: the host was written since its holders were judged; a Host: this incident must
 * undo it, except for what is `left`.
 */
const letGo = async (ports: RunPorts, ledger: Ledger, place: HostPlace, { rev, left }: Judged): Promise<Let> => {
  let answer: Let = 'gone';
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

/** Changes every entry of the incident that is a copy of one on this host. */
const remark = (ledger: Ledger, place: HostPlace, change: (e: Entry) => Entry): Promise<unknown> =>
  ledger.write((i) => ({ ...i, journal: i.journal.map((e) => (e.host === place.id ? change(e) : e)) }));

/** Whether an entry was undone, but the run ended before it wrote that into the incident's copy of the entry. */
const isUncopied = (mine: Entry | undefined, e: Entry): boolean =>
  mine !== undefined && mine.state !== e.state && isUndoOver(e);

/**
 * Undoes a host that no open incident holds, newest entry first. What is denied holds up no other entry, so that those
 * that are denied as well have the same 15 minutes. true: each entry is undone or not undoable.
 */
const undoHost = async (
  ports: RunPorts,
  ledger: Ledger,
  place: HostPlace,
  host: Host,
  hold: Hold,
  left: Left,
): Promise<boolean> => {
  const kept = new Set([...left.values()].flat());
  const copied = (e: Entry): Promise<unknown> =>
    ledger.write((i) => ({ ...i, journal: withEntry(i.journal, mirrored(e, place, hold.goalRev, e.because)) }));
  let isThrough = true;
  for (const e of host.journal.toReversed()) {
    if (kept.has(keyOf(e))) continue;
    if (isUndone(e)) {
      if (isUncopied(entryFor(ledger.seen().journal, e), e)) await copied(e);
      continue;
    }
    const { entry: after, isDenied } = await undo(ports, ledger, e, hold, place, host.journal);
    await writeHost(ports, place, ledger.token, (h) => ({ ...h, journal: withEntry(h.journal, after) }));
    await copied(after);
    isThrough &&= !isWaiting(after);
    if (isWaiting(after) && isDenied !== true) break;
  }
  if (!isThrough) {
    await writeHost(ports, place, ledger.token, unleased);
    return false;
  }
  await writeHost(ports, place, ledger.token, (h) => {
    const { undoing: _, ...rest } = unleased(h);
    const holders = rest.holders.filter((holder) => holder !== ledger.id);
    // Where closed incidents still hold the host, its journal keeps only what is in force, for whoever joins next.
    return {
      ...rest,
      holders,
      journal: holders.length === 0 ? rest.journal : rest.journal.filter((e) => kept.has(keyOf(e)) || e.givenUp),
    };
  });
  return true;
};

type Gone = { answer: Exclude<Let, 'busy' | 'changed'>; left: Left };

/**
 * Leaves a host, and waits up to 70 s for another incident's run on it. Gives only the id of an incident that is still
 * being closed. Throws Transient if the other run is not over then.
 */
const leave = async (ports: RunPorts, ledger: Ledger, place: HostPlace): Promise<Gone | string> => {
  for (let tries = 0; tries < BUSY_TRIES; tries += 1) {
    const judged = await leftByClosed(ports, ledger, place);
    if (typeof judged === 'string') return judged;
    const answer = await letGo(ports, ledger, place, judged);
    if (answer !== 'busy' && answer !== 'changed') return { answer, left: judged.left };
    if (answer === 'busy') await ports.clock.sleep(BUSY_MS);
  }
  throw new Transient(`another incident's run still works on ${place.node}`);
};

/**
 * Lets go of each of these hosts that the incident holds, newest first, and undoes each that no open incident holds,
 * except for what closed incidents have left there. Gives the ids of those on which something waits.
 *
 * @throws Transient while an incident on one of the hosts is still being closed. The other hosts are let go of first,
 * since the close may itself wait for one of them.
 */
export const releaseHosts = async (
  ports: RunPorts,
  ledger: Ledger,
  hold: Hold,
  places: readonly HostPlace[],
): Promise<ReadonlySet<string>> => {
  const waiting = new Set<string>();
  let closing: string | undefined;
  for (const place of places.toReversed()) {
    const gone = await leave(ports, ledger, place);
    if (typeof gone === 'string') {
      closing = gone;
      continue;
    }
    const { answer, left } = gone;
    const isOurs = answer !== 'gone' && answer !== 'kept';
    if (isOurs && !(await undoHost(ports, ledger, place, answer, hold, left))) waiting.add(place.id);
    const others = (await ports.stores.hosts.get(place.id))?.holders.filter((holder) => holder !== ledger.id) ?? [];
    const kept = `kept: held by ${others.join(', ')}`;
    if (others.length > 0) await remark(ledger, place, (e) => (e.state === 'applied' ? { ...e, because: kept } : e));
    const now = ports.clock.now();
    if (waiting.size === 0)
      await remark(ledger, place, (e) => {
        if (isSettled(e)) return e;
        return others.length > 0 && e.requestId !== undefined
          ? settled(e, 'applied', now, `was under way; ${kept}`, 'not proven')
          : unbegun(e, 'released', now);
      });
  }
  if (closing !== undefined) throw new Transient(`incident ${closing} is still being closed`);
  return waiting;
};
