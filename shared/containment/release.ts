import type { Goal } from '../model/decision.ts';
import { type Entry, isSettled } from '../model/entry.ts';
import type { Incident } from '../model/incident.ts';
import type { PodSubject } from '../model/subject.ts';
import { earliest, timeOf } from '../model/time.ts';
import type { Hold } from './context.ts';
import { settled, unbegun } from './entry-states.ts';
import { type HostPlace, placesOf } from './hosts.ts';
import { type Ledger, withEntry } from './ledger.ts';
import { releaseHosts } from './release-hosts.ts';
import type { RunPorts } from './run.ts';
import { unlessFaulty } from './stopped.ts';
import { isUndone, isWaiting, undo } from './undo.ts';
import type { Walk } from './walk.ts';

/** What is known of a step that keeps evidence: a snapshot may not have been begun, since the service refused it. */
const leftAs = ({ because }: Entry): string =>
  `released while this step was under way${because === undefined ? '' : `; last: ${because}`}`;

/** Settles the open entries that need no undo: unbegun ones are skipped; evidence under way goes on and is kept. */
const endPlanned = (ports: RunPorts, ledger: Ledger): Promise<unknown> =>
  ledger.write((i) => ({
    ...i,
    journal: i.journal.map((e) => {
      if (isSettled(e) || e.host !== undefined) return e;
      const now = ports.clock.now();
      if (e.before === undefined) return unbegun(e, 'released', now);
      return ports.stepOf(e.step)?.undoable === false ? settled(e, 'applied', now, leftAs(e), 'not proven') : e;
    }),
  }));

/** Whether an entry is of a cut that may stand, also where its undo is under way. */
const isCut = (e: Entry): boolean => e.step === 'deny-node-network' && (e.state === 'applied' || !isSettled(e));

/**
 * The hosts that are cut off, by their own documents: another incident may have cut one, and left that to this one,
 * which does not know of it until it lets go.
 */
const cutOff = async ({ stores }: RunPorts, places: readonly HostPlace[]): Promise<HostPlace[]> => {
  const hosts = await Promise.all(places.map(({ id }) => stores.hosts.get(id)));
  return places.filter((_, n) => hosts[n]?.journal.some(isCut) === true);
};

/**
 * The quarantined pod of an entry, if what would delete it is still to be taken back: the cut of its node, which the pod
 * outlives by what its quarantine gave it; or the stop of its controller, which would adopt it as one too many. Until
 * then its namespace keeps the policy. `waiting`: ids of hosts, and UIDs of controllers.
 */
const keptBehind = (
  { subjects }: Incident,
  { step, uid }: Entry,
  waiting: ReadonlySet<string>,
): PodSubject | undefined => {
  const pod = subjects.find((s) => s.uid === uid);
  if (step !== 'quarantine-pod' || pod?.kind !== 'pod') return undefined;
  const holding = [pod.host?.id, ...pod.owners.map((owner) => owner.uid)];
  return holding.some((id) => id !== undefined && waiting.has(id)) ? pod : undefined;
};

/**
 * The journal in the order in which it is taken back: newest first, but controllers before pods, whichever was changed
 * last. A controller that is scaled to 0 would delete a pod that is given back to it.
 */
const undoOrder = ({ stepOf }: RunPorts, journal: readonly Entry[]): Entry[] => {
  const isOfController = ({ step }: Entry): boolean => stepOf(step)?.scope === 'workload';
  return [...journal.filter((e) => !isOfController(e)), ...journal.filter(isOfController)].toReversed();
};

/**
 * Undoes what this incident did, newest first: a change only where our own mark stands, a shared host only when its
 * last holder lets go. A node that was cut off is reconnected, and a controller started, before their pods are let go.
 * What cannot be undone is recorded. Walks once; harmless to walk again.
 *
 * @throws What the first fault threw, after everything else was tried.
 */
export const release = async (ports: RunPorts, ledger: Ledger, goal: Goal): Promise<Walk> => {
  const hold: Hold = { token: ledger.token, goalRev: goal.rev, dry: false, gated: false };
  await endPlanned(ports, ledger);
  const places = placesOf(ledger.seen());
  const cut = await cutOff(ports, places);
  const first = await releaseHosts(ports, ledger, hold, cut);
  let all = first.waiting.size === 0;
  let { thrown } = first;
  const waiting = new Set(first.waiting);
  const kept = new Set<string>();
  for (const e of undoOrder(ports, ledger.seen().journal)) {
    if (e.host !== undefined || isUndone(e) || ports.stepOf(e.step)?.undoable === false) continue;
    const behind = keptBehind(ledger.seen(), e, waiting);
    if (behind !== undefined) {
      all = false;
      kept.add(behind.namespaceUid);
      continue;
    }
    const { got, fault } = await unlessFaulty(() => undo(ports, ledger, e, hold, undefined, ledger.seen().journal));
    thrown ??= fault;
    if (got !== undefined) await ledger.write((i) => ({ ...i, journal: withEntry(i.journal, got.entry) }));
    if (got !== undefined && !isWaiting(got.entry)) continue;
    all = false;
    waiting.add(e.uid);
  }
  const others = places.filter((place) => !cut.includes(place) && !kept.has(place.id));
  const rest = await releaseHosts(ports, ledger, hold, others);
  thrown ??= rest.thrown;
  if (thrown !== undefined) throw thrown;
  const wakes = ledger
    .seen()
    .journal.filter(isWaiting)
    .map((e) => e.wakeAt);
  // Entries behind a waiting one were not reached, and still have an old `wakeAt`: one that is past counts only alone.
  const ahead = wakes.filter((at) => at !== undefined && at > timeOf(ports.clock.now()));
  const wake = earliest(...(ahead.length === 0 ? wakes : ahead));
  return { settled: all && rest.waiting.size === 0, again: false, wake };
};
