import { againOnConflict } from './again-on-conflict.ts';
import { dueAtOf, isDue, isWanted, nextSeq, stateOf } from './decision/state.ts';
import type { Incident } from './model/incident.ts';
import { timeOf } from './model/time.ts';
import type { Bus, Clock, Stores } from './ports.ts';
import type { Spans } from './spans.ts';
import { writeTraceparent } from './trace.ts';

export type IncidentPorts = {
  clock: Clock;
  bus: Bus;
  stores: Pick<Stores, 'incidents'>;
  spans?: Pick<Spans, 'current'>;
};

/**
 * Computes `state` and `dueAt`, as every put must, and puts the document; a new one also gets the trace that opened it.
 * Throws Conflict where `expected` no longer holds.
 */
export const putIncident = (ports: IncidentPorts, doc: Incident, expected: number | null): Promise<Incident> => {
  const { dueAt: _, ...rest } = doc;
  const opener = expected === null ? ports.spans?.current() : undefined;
  const trace = opener === undefined ? {} : { trace: writeTraceparent(opener) };
  const computed: Incident = { ...rest, ...trace, state: stateOf(doc) };
  const dueAt = dueAtOf(computed, timeOf(ports.clock.now()));
  return ports.stores.incidents.put(doc.id, dueAt === undefined ? computed : { ...computed, dueAt }, expected);
};

/**
 * Reads, changes and puts an incident. `change` is pure and gets the newest document. After a conflict it is applied
 * again to the document that the other writer left, which merges the caller's own fields. If `change` returns undefined
 * or the same document, nothing is written. Resolves with the document as stored; undefined where there is none. Throws
 * Transient after five conflicts.
 *
 * `known`: the document as it was read or written a moment ago. It is tried first; if the stored one has changed since,
 * the write is a conflict like any other.
 */
export const updateIncident = (
  ports: IncidentPorts,
  id: string,
  change: (current: Incident) => Incident | undefined,
  known?: Incident,
): Promise<Incident | undefined> =>
  againOnConflict(`incident ${id} was written by others`, async (tries) => {
    const current = tries === 0 && known !== undefined ? known : await ports.stores.incidents.get(id);
    if (current === undefined) return undefined;
    const changed = change(current);
    return changed === undefined || changed === current ? current : putIncident(ports, changed, current.rev);
  });

const markPublished = async (ports: IncidentPorts, doc: Incident, reached: Incident['published']): Promise<void> => {
  if (reached.notices <= doc.published.notices && reached.goal <= doc.published.goal) return;
  const mark = (current: Incident): Incident => {
    const published = {
      notices: Math.max(current.published.notices, reached.notices),
      goal: Math.max(current.published.goal, reached.goal),
    };
    // If many deliveries published the same at once, one of them marks it, and the others have nothing left to write.
    const known = published.notices === current.published.notices && published.goal === current.published.goal;
    return known ? current : { ...current, published };
  };
  await updateIncident(ports, doc.id, mark, doc);
};

const sendNotices = async (ports: IncidentPorts, doc: Incident): Promise<void> => {
  for (const notice of doc.outbox.filter((n) => n.seq >= doc.published.notices))
    await ports.bus.publish('notices', notice);
};

/** Publishes the notices of the outbox that are not marked as published, and marks them. contain calls this. */
export const publishNotices = async (ports: IncidentPorts, doc: Incident): Promise<void> => {
  await sendNotices(ports, doc);
  await markPublished(ports, doc, { notices: nextSeq(doc), goal: doc.published.goal });
};

/**
 * Publishes what the document says must be published, and marks it. The id is published while contain has work for the
 * incident (its goal is not carried out, or the time of a change is over), except while a run works on it or all its
 * open steps wait for a later time. Notices are published if they are not yet marked as published. Called on every
 * delivery, duplicates included, before the message is acknowledged. A crash between publishing and marking publishes
 * again: receivers drop duplicates by `seq`.
 */
export const publishDue = async (ports: IncidentPorts, doc: Incident): Promise<void> => {
  const goal = isDue(doc) ? doc.goal : null;
  const now = timeOf(ports.clock.now());
  // A run that is under way looks for a new goal before it ends; if it dies, the tick comes when its lease is over.
  const isRunning = doc.lease !== undefined && doc.lease.until > now;
  const isWoken = isWanted(doc, now) && !isRunning;
  if (isWoken) await ports.bus.publish('containment', { incident: doc.id });
  await sendNotices(ports, doc);
  await markPublished(ports, doc, { notices: nextSeq(doc), goal: goal?.rev ?? doc.published.goal });
};
