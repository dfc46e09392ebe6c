import { subjectsOf } from '../decision/plan.ts';
import { Transient } from '../errors.ts';
import { type Entry, isSettled } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import { timeOf } from '../model/time.ts';
import type { Hold } from './context.ts';
import { type HostPlace, unleased, updateHost, writeHost } from './hosts.ts';
import { isTaken, LEASE_MS, type Ledger, withEntry } from './ledger.ts';
import type { RunPorts } from './run.ts';
import { mirrored } from './settle.ts';
import { isUndone, isWaiting, undo } from './undo.ts';
import { settled } from './work.ts';

const BUSY_MS = 5_000;
const BUSY_TRIES = 14;

type Let = 'gone' | 'kept' | 'busy' | Host;

/** Leaves the holders of a host. `kept`: others hold it on; a Host: we were the last, and its undo is ours to do. */
const letGo = async (ports: RunPorts, ledger: Ledger, place: HostPlace): Promise<Let> => {
  let answer: Let = 'gone';
  const host = await updateHost(ports, place, (current) => {
    answer = 'gone';
    if (!current.holders.includes(ledger.id)) return undefined;
    const others = current.holders.filter((holder) => holder !== ledger.id);
    if (others.length > 0) {
      answer = 'kept';
      return { ...current, holders: others };
    }
    answer = 'busy';
    if (isTaken(current.lease, ledger.token, ports.clock.now())) return undefined;
    answer = current;
    return {
      ...current,
      undoing: ledger.id,
      lease: { owner: ledger.id, token: ledger.token, until: timeOf(ports.clock.now() + LEASE_MS) },
    };
  });
  return answer === 'gone' || answer === 'kept' || answer === 'busy' ? answer : host;
};

/** Every entry of the incident that mirrors this host, changed. */
const remark = (ledger: Ledger, place: HostPlace, change: (e: Entry) => Entry): Promise<unknown> =>
  ledger.write((i) => ({ ...i, journal: i.journal.map((e) => (e.host === place.id ? change(e) : e)) }));

/** Undoes a host that nobody else holds, newest entry first. true: all of it is undone or said not to be undoable. */
const undoHost = async (
  ports: RunPorts,
  ledger: Ledger,
  place: HostPlace,
  host: Host,
  hold: Hold,
): Promise<boolean> => {
  for (const e of host.journal.toReversed()) {
    if (isUndone(e)) continue;
    const after = await undo(ports, ledger, e, hold, place, host.journal);
    await writeHost(ports, place, ledger.token, (h) => ({ ...h, journal: withEntry(h.journal, after) }));
    await ledger.write((i) => ({
      ...i,
      journal: withEntry(i.journal, mirrored(after, place, hold.goalRev, after.because)),
    }));
    if (isWaiting(after)) {
      await writeHost(ports, place, ledger.token, unleased);
      return false;
    }
  }
  await writeHost(ports, place, ledger.token, (h) => {
    const { undoing: _, ...rest } = unleased(h);
    return { ...rest, holders: [] };
  });
  return true;
};

const placesOf = (ledger: Ledger): HostPlace[] => {
  const shared = [...subjectsOf(ledger.seen(), 'node'), ...subjectsOf(ledger.seen(), 'namespace')];
  return shared.map((s) => ({ id: s.uid, node: s.subject })).toReversed();
};

/** Leaves a host, waiting a little for a run of another incident that works on it. Throws Transient where it goes on. */
const leave = async (ports: RunPorts, ledger: Ledger, place: HostPlace): Promise<Exclude<Let, 'busy'>> => {
  for (let tries = 0; tries < BUSY_TRIES; tries += 1) {
    const answer = await letGo(ports, ledger, place);
    if (answer !== 'busy') return answer;
    await ports.clock.sleep(BUSY_MS);
  }
  throw new Transient(`another incident's run still works on ${place.node}`);
};

/**
 * Lets go of every host that the incident holds, and undoes those that nobody else does. false: something waits.
 */
export const releaseHosts = async (ports: RunPorts, ledger: Ledger, hold: Hold): Promise<boolean> => {
  let all = true;
  for (const place of placesOf(ledger)) {
    const answer = await leave(ports, ledger, place);
    if (answer !== 'gone' && answer !== 'kept') all = (await undoHost(ports, ledger, place, answer, hold)) && all;
    const others = (await ports.stores.hosts.get(place.id))?.holders.filter((holder) => holder !== ledger.id) ?? [];
    if (others.length > 0)
      await remark(ledger, place, (e) =>
        e.state === 'applied' ? { ...e, because: `kept: held by ${others.join(', ')}` } : e,
      );
    const now = ports.clock.now();
    if (all)
      await remark(ledger, place, (e) => (isSettled(e) ? e : settled(e, 'skipped', now, 'released before it began')));
  }
  return all;
};
