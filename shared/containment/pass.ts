import { standsForPods } from '../decision/awaited.ts';
import type { RowItem } from '../decision/playbooks.ts';
import { sentenceOf } from '../errors.ts';
import { type Entry, isBegunInEarnest, isHeldBack, isSettled, keyOf, type PlanItem } from '../model/entry.ts';
import { earliest, type Time } from '../model/time.ts';
import { awaitedEntry } from './awaited.ts';
import { boundOf } from './bound.ts';
import type { Hold } from './context.ts';
import { newEntry, settled } from './entry-states.ts';
import { groupsOf } from './groups.ts';
import { askedHow, heldBack, heldEntry, isUnbegun, withHeld } from './held-back.ts';
import { entryFor, inJournal, type Ledger, withEntry } from './ledger.ts';
import { type Turn, turnOf } from './order.ts';
import { type Queued, queueOf } from './queue.ts';
import type { Reserve } from './reserve.ts';
import type { RunPorts } from './run.ts';
import { settle } from './settle.ts';
import { Stopped } from './stopped.ts';

/** Result of one walk through the plan. `open`: something is not settled; `wake`: when to look again. */
export type Pass = { progressed: boolean; open: boolean; wake?: Time; faults: unknown[] };

type Outcome = { open: boolean; progressed: boolean; wake?: Time | undefined; fault?: unknown };

const record = (ports: RunPorts, ledger: Ledger, entry: Entry, began: number): void =>
  ports.log.info('step -> record', `${entry.step} on ${entry.subject}: ${entry.state}`, {
    incident: ledger.id,
    step: entry.step,
    subject: entry.subject,
    state: entry.state,
    proof: entry.proof,
    because: entry.because,
    ms: ports.clock.now() - began,
  });

const refused = async (
  ports: RunPorts,
  ledger: Ledger,
  item: PlanItem,
  rev: number,
  because: string,
): Promise<Outcome> => {
  const began = ports.clock.now();
  const known = entryFor(ledger.seen().journal, item);
  // A step that was begun may have changed the world: its entry keeps the before-image, which a release needs.
  const begun = known !== undefined && isBegunInEarnest(known) ? { ...known, rev } : newEntry(item, rev, began);
  const entry = settled(begun, 'refused', began, because);
  await ledger.write(inJournal(entry));
  record(ports, ledger, entry, began);
  return { open: false, progressed: true };
};

/** Records an item that the budget holds back; the incident stays marked as held until it has another goal. */
const holdBack = async (
  ports: RunPorts,
  ledger: Ledger,
  item: PlanItem,
  rev: number,
  because: string,
): Promise<Outcome> => {
  const began = ports.clock.now();
  const entry = heldEntry(item, entryFor(ledger.seen().journal, item), rev, because, began);
  await ledger.write((i) => ({ ...withHeld(i, entry), journal: withEntry(i.journal, entry, i.plan) }));
  record(ports, ledger, entry, began);
  return { open: false, progressed: true };
};

/** Records that an item waits for the pods of a named workload, or that none has come. */
const awaited = async (ports: RunPorts, ledger: Ledger, item: PlanItem, rev: number): Promise<Outcome> => {
  const began = ports.clock.now();
  const entry = awaitedEntry(ledger.seen(), item, rev, began);
  ledger.note(inJournal(entry));
  record(ports, ledger, entry, began);
  return { open: entry.state === 'pending', progressed: true, wake: entry.wakeAt };
};

const begun = async (
  ports: RunPorts,
  ledger: Ledger,
  item: PlanItem,
  hold: Hold,
  reserve: Reserve,
): Promise<Outcome> => {
  const bound = boundOf(ports.stepOf, ledger.seen(), item);
  if (bound === undefined)
    return refused(ports, ledger, item, hold.goalRev, 'this version cannot carry out this step on this subject');
  const began = ports.clock.now();
  try {
    const entry = await settle(ports, ledger, bound, { ...hold, heldBack: () => reserve(item, 'begins') });
    if (isHeldBack(entry)) ledger.note((i) => withHeld(i, entry));
    record(ports, ledger, entry, began);
    const open = entry.state === 'pending' || entry.state === 'applying';
    return { open, progressed: true, wake: entry.wakeAt };
  } catch (thrown) {
    if (thrown instanceof Stopped) throw thrown;
    const because = sentenceOf(thrown);
    ports.log.warn('step -> record', `${item.step} on ${item.subject}: ${because}`, { incident: ledger.id });
    // It counts as begun from now on: what waits for it does so, as long as it may. People see what it waits for.
    const earlier = entryFor(ledger.seen().journal, item);
    const isAnew = earlier === undefined || (isUnbegun(earlier) && earlier.rev < hold.goalRev);
    const known = isAnew ? newEntry(item, hold.goalRev, began) : earlier;
    if (!hold.dry && !isSettled(known)) ledger.note(inJournal({ ...known, because }));
    return { open: true, progressed: false, fault: thrown };
  }
};

const taken = async (
  ports: RunPorts,
  ledger: Ledger,
  item: PlanItem,
  hold: Hold,
  turn: Turn,
  reserve: Reserve,
): Promise<Outcome> => {
  if (turn.turn === 'done') return { open: false, progressed: false };
  if (turn.turn !== 'wait' && standsForPods(ledger.seen(), item)) return awaited(ports, ledger, item, hold.goalRev);
  const how = askedHow(turn, entryFor(ledger.seen().journal, item), hold);
  const held = how === undefined ? {} : await heldBack(reserve, item, how);
  if ('fault' in held) return { open: true, progressed: false, fault: held.fault };
  if (held.because !== undefined) return holdBack(ports, ledger, item, hold.goalRev, held.because);
  if (turn.turn === 'wait') return { open: true, progressed: false, wake: turn.until };
  if (turn.turn === 'refuse') return refused(ports, ledger, item, hold.goalRev, turn.because);
  return begun(ports, ledger, item, hold, reserve);
};

/** Walks the plan once, in order, and does what may be done now. A faulty step stops only the items that need it. */
export const pass = async (
  ports: RunPorts,
  ledger: Ledger,
  hold: Hold,
  row: readonly RowItem[],
  reserve: Reserve,
): Promise<Pass> => {
  const take = ({ item, behind, sent }: Queued): Promise<Outcome> => {
    const { plan } = ledger.seen();
    const planned = new Set(plan.map(keyOf));
    const { goalRev: rev, dry, gated, accessAt } = hold;
    const given = { row, rev, dry, gated, accessAt, planned, now: ports.clock.now() };
    return taken(ports, ledger, item, { ...hold, behind, sent }, turnOf(item, ledger.seen().journal, given), reserve);
  };
  let result: Pass = { progressed: false, open: false, faults: [] };
  for (const group of groupsOf(ports, ledger.seen().plan)) {
    let left = group.length;
    // The result of one step is written at once, without waiting for the other steps of its group, unless these are
    // about to send: they write it before that.
    const beside = async (queued: Queued): Promise<Outcome> => {
      const outcome = await take(queued).finally(queued.sent);
      left -= 1;
      if (left > 0 && queued.pace === 'alongside') await ledger.written();
      return outcome;
    };
    // All steps of the group end before a stop is thrown: none of them goes on after its run has ended.
    const outcomes = await Promise.allSettled(queueOf(ports, group).map(beside));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      const { progressed, open, fault, wake: until } = outcome.value;
      const wake = earliest(result.wake, until);
      result = {
        progressed: result.progressed || progressed,
        open: result.open || open,
        faults: fault === undefined ? result.faults : [...result.faults, fault],
        ...(wake === undefined ? {} : { wake }),
      };
    }
  }
  return result;
};
