import type { RowItem } from '../decision/playbooks.ts';
import { sentenceOf } from '../errors.ts';
import { type Entry, keyOf, type PlanItem } from '../model/entry.ts';
import { earliest, type Time, timeOf } from '../model/time.ts';
import { boundOf } from './bound.ts';
import type { Hold } from './context.ts';
import { entryFor, type Ledger, withEntry } from './ledger.ts';
import { isBegunInEarnest, type Turn, turnOf } from './order.ts';
import type { Reserve } from './reserve.ts';
import type { RunPorts } from './run.ts';
import { settle } from './settle.ts';
import { Stopped } from './stopped.ts';
import { settled } from './work.ts';

/** What one walk through the plan gave. `open`: something is not settled; `wake`: when it is worth another look. */
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
  const at = timeOf(began);
  const { step, subject, uid } = item;
  const known = entryFor(ledger.seen().journal, item);
  const blank: Entry = { step, subject, uid, state: 'refused', startedAt: at, proof: null, rev };
  // What was begun may be in the world, refused to go on or not: it keeps what a release goes by.
  const begun = known !== undefined && isBegunInEarnest(known) ? { ...known, rev } : blank;
  const entry = settled(begun, 'refused', began, because);
  await ledger.write((i) => ({ ...i, journal: withEntry(i.journal, entry) }));
  record(ports, ledger, entry, began);
  return { open: false, progressed: true };
};

/** What the budget holds back: recorded, and the incident says so until it has another goal. */
const held = async (
  ports: RunPorts,
  ledger: Ledger,
  item: PlanItem,
  rev: number,
  because: string,
): Promise<Outcome> => {
  const began = ports.clock.now();
  const at = timeOf(began);
  const { step, subject, uid } = item;
  const entry: Entry = { step, subject, uid, state: 'held', because, startedAt: at, proof: null, rev };
  await ledger.write((i) => ({
    ...i,
    held: i.held?.budget === true ? i.held : { because, at, budget: true },
    journal: withEntry(i.journal, entry),
  }));
  record(ports, ledger, entry, began);
  return { open: false, progressed: true };
};

const begun = async (ports: RunPorts, ledger: Ledger, item: PlanItem, hold: Hold): Promise<Outcome> => {
  const bound = boundOf(ports.stepOf, ledger.seen(), item);
  if (bound === undefined)
    return refused(ports, ledger, item, hold.goalRev, 'this version cannot carry out this step on this subject');
  const began = ports.clock.now();
  try {
    const entry = await settle(ports, ledger, bound, hold);
    record(ports, ledger, entry, began);
    const open = entry.state === 'pending' || entry.state === 'applying';
    return { open, progressed: true, wake: open ? entry.wakeAt : undefined };
  } catch (thrown) {
    if (thrown instanceof Stopped) throw thrown;
    ports.log.warn('step -> record', `${item.step} on ${item.subject}: ${sentenceOf(thrown)}`, { incident: ledger.id });
    return { open: true, progressed: false, fault: thrown };
  }
};

/** Whether nothing of an item has been done: only then may it be held back. */
const isUnbegun = (ledger: Ledger, item: PlanItem): boolean => {
  const entry = entryFor(ledger.seen().journal, item);
  return entry === undefined || (entry.before === undefined && entry.host === undefined);
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
  const isNew = turn.turn !== 'wait' && !hold.dry && isUnbegun(ledger, item);
  const because = isNew ? await reserve(item) : undefined;
  if (because !== undefined) return held(ports, ledger, item, hold.goalRev, because);
  if (turn.turn === 'wait') return { open: true, progressed: false, wake: turn.until };
  if (turn.turn === 'refuse') return refused(ports, ledger, item, hold.goalRev, turn.because);
  return begun(ports, ledger, item, hold);
};

/**
 * The plan in groups: alone, or with neighbours beside which a step may go. Two of one step never go together, since the
 * second may use what the first has found.
 */
const groupsOf = (ports: RunPorts, plan: readonly PlanItem[]): PlanItem[][] => {
  const isAlongside = ({ step }: PlanItem): boolean => ports.stepOf(step)?.alongside === true;
  const needs = (item: PlanItem, other: PlanItem): boolean =>
    [...item.after, ...(item.anyOf ?? []), ...(item.follows ?? [])].includes(keyOf(other));
  const goes = (item: PlanItem, group: readonly PlanItem[]): boolean =>
    isAlongside(item) && group.every((other) => isAlongside(other) && other.step !== item.step && !needs(item, other));
  const groups: PlanItem[][] = [];
  for (const item of plan) {
    const last = groups.at(-1);
    if (last !== undefined && goes(item, last)) last.push(item);
    else groups.push([item]);
  }
  return groups;
};

/** Goes through the plan once, in order, and does what may be done now. A fault of one step stops only what needs it. */
export const pass = async (
  ports: RunPorts,
  ledger: Ledger,
  hold: Hold,
  row: readonly RowItem[],
  reserve: Reserve,
): Promise<Pass> => {
  const take = (item: PlanItem): Promise<Outcome> => {
    const { plan } = ledger.seen();
    const planned = new Set(plan.map(keyOf));
    const given = { row, rev: hold.goalRev, dry: hold.dry, gated: hold.gated, planned, now: ports.clock.now() };
    return taken(ports, ledger, item, hold, turnOf(item, ledger.seen().journal, given), reserve);
  };
  let result: Pass = { progressed: false, open: false, faults: [] };
  for (const group of groupsOf(ports, ledger.seen().plan)) {
    let left = group.length;
    // What one gave is not kept back for as long as its neighbours take.
    const beside = async (item: PlanItem): Promise<Outcome> => {
      const outcome = await take(item);
      left -= 1;
      if (left > 0) await ledger.written();
      return outcome;
    };
    // What has begun comes to its end before a stop is told: nothing of ours goes on without its run.
    const outcomes = await Promise.allSettled(group.map(beside));
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
