import { Transient } from '../errors.ts';
import { type Entry, isSettled, keyOf } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import { STEP_IDS, type StepId } from '../model/ids.ts';
import type { Hold } from './context.ts';
import { settled, unbegun } from './entry-states.ts';
import { givenBack, type HostPlace, unleased, writeHost } from './hosts.ts';
import { entryFor, type Ledger, withEntry } from './ledger.ts';
import { type Left, letGo } from './let-go.ts';
import { mirrored } from './mirrored.ts';
import type { RunPorts } from './run.ts';
import { unlessFaulty } from './stopped.ts';
import { isUndone, isUndoOver, isWaiting, undo } from './undo.ts';

/** Changes every entry of the incident that is a copy of one on this host. */
const remark = (ledger: Ledger, place: HostPlace, change: (e: Entry) => Entry): Promise<unknown> =>
  ledger.write((i) => ({ ...i, journal: i.journal.map((e) => (e.host === place.id ? change(e) : e)) }));

/** Whether an entry was undone, but the run ended before it wrote that into the incident's copy of the entry. */
const isUncopied = (mine: Entry | undefined, e: Entry): boolean =>
  mine !== undefined && mine.state !== e.state && isUndoOver(e);

/** Steps that a plan has in either order: a node within the attacker's reach is cut before it is drained. */
const EITHER: readonly StepId[] = ['drain-node', 'deny-node-network', 'remove-external-ip'];

const rankOf = ({ step }: Entry): number => STEP_IDS.indexOf(EITHER.includes(step) ? 'drain-node' : step);

/** Entries in the order of a plan: a step that had to wait for the host at first was begun after those behind it. */
const inOrder = (journal: readonly Entry[]): Entry[] => journal.toSorted((a, b) => rankOf(a) - rankOf(b));

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
  for (const e of inOrder(host.journal).toReversed()) {
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

/**
 * Lets go of a host, and undoes it if no open incident holds it, except for what closed incidents have left there.
 * false: something on it waits.
 *
 * @throws Transient while an incident on the host is still being closed.
 */
const releaseHost = async (ports: RunPorts, ledger: Ledger, hold: Hold, place: HostPlace): Promise<boolean> => {
  const gone = await letGo(ports, ledger, place);
  if (typeof gone === 'string') throw new Transient(`incident ${gone} is still being closed`);
  const { answer, left } = gone;
  const isOver =
    typeof answer === 'string' ||
    (await givenBack(ports, place, ledger.token, () => undoHost(ports, ledger, place, answer, hold, left)));
  const others = (await ports.stores.hosts.get(place.id))?.holders.filter((holder) => holder !== ledger.id) ?? [];
  const kept = `kept: held by ${others.join(', ')}`;
  if (others.length > 0) await remark(ledger, place, (e) => (e.state === 'applied' ? { ...e, because: kept } : e));
  const now = ports.clock.now();
  if (isOver)
    await remark(ledger, place, (e) => {
      if (isSettled(e)) return e;
      return others.length > 0 && e.requestId !== undefined
        ? settled(e, 'applied', now, `was under way; ${kept}`, 'not proven')
        : unbegun(e, 'released', now);
    });
  return isOver;
};

/**
 * `waiting`: the ids of hosts that must be looked at again. `thrown`: the first fault, for which the message must come
 * again.
 */
export type Released = { waiting: ReadonlySet<string>; thrown?: unknown };

/** Lets go of each of these hosts that the incident holds, newest first. A fault on one of them holds up no other. */
export const releaseHosts = async (
  ports: RunPorts,
  ledger: Ledger,
  hold: Hold,
  places: readonly HostPlace[],
): Promise<Released> => {
  const waiting = new Set<string>();
  let thrown: unknown;
  for (const place of places.toReversed()) {
    const { got: isOver, fault } = await unlessFaulty(() => releaseHost(ports, ledger, hold, place));
    thrown ??= fault;
    if (isOver !== true) waiting.add(place.id);
  }
  return { waiting, thrown };
};
