import type { Malformed, Transient } from '../errors.ts';
import { budgetRecord } from '../model/budget.ts';
import { type Entry, inForce } from '../model/entry.ts';
import { type Host, host } from '../model/host.ts';
import { type Incident, incident } from '../model/incident.ts';
import { deadLetter, findingRecord, haltRecord, head, subjectRecord } from '../model/records.ts';
import { requestRecord } from '../model/request.ts';
import { timeOf } from '../model/time.ts';
import type { Clock, Evidence, Stores } from '../ports.ts';
import { makeDocStore } from '../store.ts';
import type { RawStore } from './raw.ts';

/** For how long documents that are over are kept after their last put: 400 days. */
const KEPT_MS = 400 * 86_400_000;

type IncidentStoresOptions = {
  raw: RawStore;
  clock: Pick<Clock, 'now' | 'random'>;
  /** Only contain passes this: large before-images are stored there. */
  evidence?: Evidence;
  /** Called for each document that a listing has to leave out; without it such a listing throws. */
  unreadable?: (collection: string, id: string, because: Malformed | Transient) => void;
};

const holdsNothing = (journal: readonly Entry[]): boolean => !journal.some(inForce);

const UNFINISHED: readonly Incident['state'][] = ['asking', 'containing', 'contained'];

/**
 * Whether no change of ours is left in the world, and nothing is left to do or to publish. This includes incidents that
 * were only watched: nobody has to close these.
 */
const isFinished = (doc: Incident): boolean =>
  !UNFINISHED.includes(doc.state) && doc.dueAt === undefined && holdsNothing(doc.journal);

const isIdle = (doc: Host): boolean => doc.holders.length === 0 && doc.lease === undefined && holdsNothing(doc.journal);

/**
 * The `incidents` database: each collection with its schema and the fields that its documents are found by.
 *
 * - incidents: by `state`, `key` (the incident key) and `dueAt`
 * - findings and requests: by `key` (the incident's id); requests also by `state`
 * - dead: by `key` (the topic); hosts, heads, subjects, halts and budgets: by id
 *
 * heads and subjects never expire: a head that vanished would count its episodes from 1 again and reuse an
 * incident's id, a subject that vanished would open a second incident on a pod that is still held.
 */
export const openStores = (options: IncidentStoresOptions): Stores => {
  const { raw, clock, evidence, unreadable } = options;
  const version = 1;
  const expiry = (now: number): string => timeOf(now + KEPT_MS);
  const common = (collection: string) => ({
    raw,
    clock,
    collection,
    version,
    ...(unreadable === undefined
      ? {}
      : { unreadable: (id: string, because: Malformed | Transient) => unreadable(collection, id, because) }),
  });
  const spill = evidence === undefined ? {} : { spill: evidence };

  return {
    incidents: makeDocStore({
      ...common('incidents'),
      ...spill,
      schema: incident,
      index: (doc, now) => ({
        state: doc.state,
        key: doc.key,
        dueAt: doc.dueAt,
        expireAt: isFinished(doc) ? expiry(now) : undefined,
      }),
    }),
    heads: makeDocStore({ ...common('heads'), schema: head, index: () => ({}) }),
    findings: makeDocStore({
      ...common('findings'),
      schema: findingRecord,
      index: (doc, now) => ({ key: doc.incident, expireAt: expiry(now) }),
    }),
    subjects: makeDocStore({ ...common('subjects'), schema: subjectRecord, index: () => ({}) }),
    hosts: makeDocStore({
      ...common('hosts'),
      ...spill,
      schema: host,
      index: (doc, now) => ({ expireAt: isIdle(doc) ? expiry(now) : undefined }),
    }),
    requests: makeDocStore({
      ...common('requests'),
      schema: requestRecord,
      index: (doc, now) => ({ state: doc.state, key: doc.incident, expireAt: expiry(now) }),
    }),
    halts: makeDocStore({ ...common('halts'), schema: haltRecord, index: () => ({}) }),
    budgets: makeDocStore({ ...common('budgets'), schema: budgetRecord, index: () => ({}) }),
    dead: makeDocStore({
      ...common('dead'),
      schema: deadLetter,
      index: (doc, now) => ({ key: doc.topic, expireAt: expiry(now) }),
    }),
  };
};
