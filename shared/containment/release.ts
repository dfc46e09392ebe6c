import { subjectsOf } from '../decision/plan.ts';
import { Denied, sentenceOf, Transient } from '../errors.ts';
import type { Goal } from '../model/decision.ts';
import { type Entry, isSettled } from '../model/entry.ts';
import type { Host } from '../model/host.ts';
import { earliest, msOf, timeOf } from '../model/time.ts';
import { boundOf } from './bound.ts';
import { contextOf, type Hold } from './context.ts';
import { type HostPlace, unleased, updateHost, writeHost } from './hosts.ts';
import { isTaken, LEASE_MS, type Ledger, withEntry } from './ledger.ts';
import type { Progress, RunPorts, Walk } from './run.ts';
import { mirrored } from './settle.ts';
import { Stopped } from './stopped.ts';
import { DENIED_MS, settled } from './work.ts';

const BUSY_MS = 5_000;
const BUSY_TRIES = 14;

/** Whether something of ours may be in the world for an entry, so that a release must look. */
const isUndone = (e: Entry): boolean =>
  e.before === undefined || ['undone', 'not-undoable', 'dry-run'].includes(e.state);

/** Takes one entry back and gives the entry as it then is. A denied undo waits as a denied step does. */
const undo = async (
  ports: RunPorts,
  ledger: Ledger,
  e: Entry,
  hold: Hold,
  place: HostPlace | undefined,
  journal: readonly Entry[],
): Promise<Entry> => {
  const bound = boundOf(ports.stepOf, ledger.seen(), e);
  const now = ports.clock.now();
  if (bound === undefined || e.before === undefined)
    return settled(e, 'not-undoable', now, 'this version does not know how to undo this step on this subject', e.proof);
  const context = contextOf(ports, ledger.seen(), bound.subject, hold, place, () => journal);
  try {
    const result = await bound.undo({ ...context, entry: e }, e.before);
    if (result.outcome === 'pending')
      return {
        ...e,
        state: 'pending',
        because: result.because,
        wakeAt: timeOf(ports.clock.now() + result.wakeMs),
        ...(result.operation === undefined ? {} : { operation: result.operation }),
      };
    return settled(e, result.outcome, ports.clock.now(), result.because);
  } catch (thrown) {
    if (!(thrown instanceof Denied)) throw thrown;
    const since = msOf(hold.at);
    return now - since > DENIED_MS
      ? settled(e, 'not-undoable', now, `denied for 15 minutes: ${sentenceOf(thrown)}`, e.proof)
      : { ...e, because: `undo denied, tried again: ${sentenceOf(thrown)}`, wakeAt: timeOf(now + 30_000) };
  }
};

const isWaiting = (e: Entry): boolean => e.wakeAt !== undefined && !['undone', 'not-undoable'].includes(e.state);

const save = (ledger: Ledger, e: Entry): Promise<unknown> =>
  ledger.write((i) => ({ ...i, journal: withEntry(i.journal, e) }));

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
    await save(ledger, mirrored(after, place, hold.goalRev, after.because));
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

const releaseHosts = async (ports: RunPorts, ledger: Ledger, hold: Hold): Promise<boolean> => {
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

/** What had not begun will not begin. */
const endPlanned = (ports: RunPorts, ledger: Ledger, because: string): Promise<unknown> =>
  ledger.write((i) => ({
    ...i,
    journal: i.journal.map((e) =>
      isSettled(e) || e.before !== undefined || e.host !== undefined
        ? e
        : settled(e, 'skipped', ports.clock.now(), because),
    ),
  }));

/**
 * Undoes what this incident did, newest first: only where our own mark stands, a shared host only when its last holder
 * lets go. What cannot be undone is said. Walks once; harmless to walk again.
 */
export const release = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<Walk> => {
  const hold: Hold = { token: ledger.token, goalRev: goal.rev, dry: false, at: goal.at };
  await endPlanned(ports, ledger, 'released before it began');
  let all = true;
  for (const e of ledger.seen().journal.toReversed()) {
    if (e.host !== undefined || isUndone(e) || ports.stepOf(e.step)?.undoable === false) continue;
    const after = await undo(ports, ledger, e, hold, undefined, ledger.seen().journal);
    await save(ledger, after);
    if (isWaiting(after)) all = false;
  }
  const hosts = await releaseHosts(ports, ledger, hold);
  const wake = earliest(
    ...ledger
      .seen()
      .journal.filter(isWaiting)
      .map((e) => e.wakeAt),
  );
  return { settled: hosts && all, again: false, wake };
};

/** Ends planning and leaves the marks: what was under way is recorded as it stands. */
export const close = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<Progress> => {
  await ledger.write((i) => {
    if (i.goal?.rev !== goal.rev) throw new Stopped('goal', 'the goal changed while the incident was being closed');
    return {
      ...i,
      journal: i.journal.map((e) => {
        if (isSettled(e)) return e;
        const begun = e.before !== undefined || e.host !== undefined;
        return settled(
          e,
          begun ? 'applied' : 'skipped',
          ports.clock.now(),
          begun ? 'closed while this was under way' : 'closed before it began',
          begun ? 'not proven' : null,
        );
      }),
    };
  });
  return { settled: true, notes: [] };
};
