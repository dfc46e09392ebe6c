import { overdue } from '../decision/state.ts';
import type { Goal } from '../model/decision.ts';
import type { Entry } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import { msOf, timeOf } from '../model/time.ts';
import type { Hold } from './context.ts';
import { reasons, settled } from './entry-states.ts';
import { givenBack, type HostPlace, leaseHost, unleased, writeHost } from './hosts.ts';
import { entryFor, type Ledger, withEntry } from './ledger.ts';
import { mirrored } from './mirrored.ts';
import type { RunPorts } from './run.ts';
import { unlessFaulty } from './stopped.ts';
import { isUndoOver, isWaiting, undo } from './undo.ts';

const MOST_TRIES = 20;

/** Says of an undone entry that its time was over. */
const ended = (e: Entry): Entry =>
  e.state === 'undone' ? { ...e, ...reasons('its time limit passed', e.because) } : e;

/** An entry whose change is gone already: the last holder of the host took everything on it back. */
const goneBefore = (e: Entry, now: number): Entry =>
  settled(e, 'undone', now, 'taken back with everything else on the host');

/**
 * Takes back one change of a shared host, whichever incidents hold the host now. undefined: another run works on the
 * host, and the tick tries again.
 */
const expireShared = async (
  ports: RunPorts,
  ledger: Ledger,
  e: Entry,
  place: HostPlace,
  hold: Hold,
): Promise<Entry | undefined> => {
  const { host, isHeld } = await leaseHost(ports, place, ledger.id, ledger.token);
  if (!isHeld) return goneBefore(e, ports.clock.now());
  if (host === undefined) return undefined;
  const found = entryFor(host.journal, e);
  // An entry that ends later, or never, is another one: an incident that has joined the host since made it.
  const known = found?.until !== undefined && found.until <= timeOf(ports.clock.now()) ? found : undefined;
  const takenBack = async (mine: Entry): Promise<Entry> => {
    const attempt = () => undo(ports, ledger, mine, hold, place, host.journal);
    return ended((await givenBack(ports, place, ledger.token, attempt)).entry);
  };
  const after =
    known === undefined ? goneBefore(e, ports.clock.now()) : isUndoOver(known) ? known : await takenBack(known);
  const write = (h: Host): Host => unleased(known === undefined ? h : { ...h, journal: withEntry(h.journal, after) });
  await writeHost(ports, place, ledger.token, write);
  return mirrored(after, place, hold.goalRev, after.because);
};

const expireOnce = (ports: RunPorts, ledger: Ledger, e: Entry, hold: Hold): Promise<Entry | undefined> =>
  e.host === undefined
    ? undo(ports, ledger, e, hold, undefined, ledger.seen().journal).then(({ entry }) => ended(entry))
    : expireShared(ports, ledger, e, { id: e.host, node: e.subject }, hold);

/** Takes back one change, as far as that can be done now. undefined: it stays for the tick. */
const expireFully = async (ports: RunPorts, ledger: Ledger, due: Entry, hold: Hold): Promise<Entry | undefined> => {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const e = entryFor(ledger.seen().journal, due) ?? due;
    const after = await expireOnce(ports, ledger, e, hold);
    if (after === undefined) return undefined;
    await ledger.write((i) => ({ ...i, journal: withEntry(i.journal, after) }));
    if (!isWaiting(after)) return after;
    if (after.state !== 'pending' || after.wakeAt === undefined) return undefined;
    await ports.clock.sleep(Math.max(msOf(after.wakeAt) - ports.clock.now(), 1));
  }
  return undefined;
};

/** `taken`: the entries that were taken back. `thrown`: the first fault, for which the message must come again. */
type Expired = { taken: Entry[]; thrown?: unknown };

/**
 * Takes back every change whose time is over, whatever the goal. A change that cannot be taken back now (a denial,
 * another run on the host, a fault) stays for the next try, and holds up neither another one nor the goal.
 */
export const expire = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<Expired> => {
  const hold: Hold = { token: ledger.token, goalRev: goal.rev, dry: false, gated: false };
  const taken: Entry[] = [];
  let thrown: unknown;
  for (const due of overdue(ledger.seen(), timeOf(ports.clock.now()))) {
    const { got, fault } = await unlessFaulty(() => expireFully(ports, ledger, due, hold));
    thrown ??= fault;
    if (got !== undefined) taken.push(got);
  }
  return { taken, thrown };
};
