import { setTimeout as sleep } from 'node:timers/promises';
import { FieldPath, Firestore, type Query } from '@google-cloud/firestore';
import { GoogleAuth } from 'google-auth-library';
import { Transient } from '../errors.ts';
import type { ListQuery } from '../ports.ts';
import { lostRace, type RawPage, type RawStore, type Row } from '../store/raw.ts';
import { clientOfToken } from './google-auth.ts';
import { codeOf, firestoreFailure, STATUS } from './store-firestore-errors.ts';
import { fieldsOf, LEFT_OUT, meets, OPTIONAL, rowOf } from './store-firestore-row.ts';
import { answeringWhole } from './whole-answers.ts';

export type FirestoreStoreOptions = {
  project: string;
  /** Id of the database, for example `incidents`. */
  database: string;
  /** `HOST:PORT` of an emulator; without it, the real service. */
  emulator?: string | undefined;
  /** ms after which a call that the client library still repeats fails as Transient. */
  patienceMs?: number;
};

/**
 * The library repeats a call for up to 10 minutes, as long as a delivery may take. A redelivery of the message is
 * better.
 */
const PATIENCE_MS = 15_000;

const SCOPES = 'https://www.googleapis.com/auth/datastore';

const SERVICE = { host: {}, identity: {} };

/** An emulator is reached over plain HTTP; this token makes the client its owner. */
const emulated = (host: string) => ({ host: { host, ssl: false }, identity: { authClient: clientOfToken('owner') } });

/** Codes of a lost compare-and-set: exists already, precondition failed, aborted in favour of another write. */
const LOST = new Set<number>([STATUS.exists, STATUS.precondition, STATUS.aborted]);

/** Time in ms that closing may take: calls that the library still repeats would hold up the end of a process. */
const CLOSE_MS = 2_000;

/**
 * One Firestore database in Native mode. A document holds one body, which must not be indexed, and the few fields that
 * listings filter by. `expireAt` is a timestamp for the database's own TTL policy, which deletes a row within a day.
 *
 * A put is a create, or a read of `rev` followed by an update of exactly the version that was read. The client library
 * repeats a commit whose reply was lost, and then reports a Conflict with its own write; makeDocStore recognizes its
 * own write by `writer`. A write that timed out here may still be committed later, but only on the version that it was
 * meant for.
 *
 * Listings need no composite index. Due documents are found by `dueAt` alone and then ordered by id here: the service
 * would order them by `dueAt`, and a document whose `dueAt` changes between two pages would be listed twice or not at
 * all.
 *
 * Throws Conflict, Transient, Denied, and Malformed for a document above the service's limit (1 MiB).
 */
export const makeFirestoreStore = (options: FirestoreStoreOptions): RawStore & { close(): Promise<void> } => {
  const { project, database, emulator, patienceMs = PATIENCE_MS } = options;
  const at = emulator === undefined ? SERVICE : emulated(emulator);
  const client = new Firestore({
    projectId: project,
    databaseId: database,
    // gRPC takes longer to load than everything else in a function's first call.
    preferRest: true,
    auth: answeringWhole(new GoogleAuth({ scopes: SCOPES, ...at.identity }), patienceMs),
    ...at.host,
  });

  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    const patience = new AbortController();
    const waited = sleep(patienceMs, undefined, { signal: patience.signal }).then(() => {
      throw new Transient(`The Firestore database ${database} gave no answer in ${patienceMs / 1000} s.`);
    });
    try {
      return await Promise.race([work(), waited]);
    } catch (thrown) {
      throw firestoreFailure(thrown, database);
    } finally {
      waited.catch(() => {});
      patience.abort();
    }
  };

  /** Runs a write; `lost` are the codes with which the service says that another write came first. */
  const write = async (work: () => Promise<unknown>, lost: ReadonlySet<number>, conflict: () => Error): Promise<void> =>
    attempt(async () => {
      try {
        await work();
      } catch (thrown) {
        const code = codeOf(thrown);
        throw code !== undefined && lost.has(code) ? conflict() : thrown;
      }
    });

  const byId = (query: Query, { prefix }: ListQuery, after: string | undefined): Query => {
    const ordered = query.orderBy(FieldPath.documentId());
    // Ids are ASCII and never contain DEL, which sorts directly after the highest character of their grammar.
    const end = prefix === undefined || prefix === '' ? ordered : ordered.endBefore(`${prefix}\x7f`);
    if (after !== undefined && (prefix === undefined || after >= prefix)) return end.startAfter(after);
    return prefix === undefined || prefix === '' ? end : end.startAt(prefix);
  };

  const pageOf = (found: Row[], ids: string[], hasMore: boolean, last: string | undefined): RawPage => {
    const items = found.flatMap((row, i) => {
      const id = ids[i];
      return id === undefined ? [] : [{ id, row }];
    });
    return hasMore && last !== undefined ? { items, next: last } : { items };
  };

  const listById = async (collection: string, query: ListQuery, limit: number, after?: string): Promise<RawPage> => {
    let wanted: Query = client.collection(collection);
    if (query.state !== undefined) wanted = wanted.where('state', '==', query.state);
    if (query.key !== undefined) wanted = wanted.where('key', '==', query.key);
    const { docs } = await byId(wanted, query, after)
      .limit(limit + 1)
      .get();
    const page = docs.slice(0, limit);
    const ids = page.map(({ id }) => id);
    return pageOf(page.map(rowOf), ids, docs.length > limit, ids.at(-1));
  };

  const listDue = async (
    collection: string,
    query: ListQuery,
    dueBefore: string,
    limit: number,
    after?: string,
  ): Promise<RawPage> => {
    const { docs } = await client
      .collection(collection)
      .where('dueAt', '<=', dueBefore)
      .select(...OPTIONAL)
      .get();
    const due = docs
      .filter((d) => (after === undefined || d.id > after) && d.id.startsWith(query.prefix ?? '') && meets(d, query))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const page = due.slice(0, limit);
    if (page.length === 0) return { items: [] };
    // Read in full and checked again, since a document may have been written since.
    const whole = (await client.getAll(...page.map(({ ref }) => ref))).filter((d) => meets(d, query));
    return pageOf(
      whole.map(rowOf),
      whole.map(({ id }) => id),
      due.length > limit,
      page.at(-1)?.id,
    );
  };

  return {
    get: (collection, id) =>
      attempt(async () => {
        const snapshot = await client.collection(collection).doc(id).get();
        return snapshot.exists ? rowOf(snapshot) : undefined;
      }),

    put: async (collection, id, row, expected) => {
      const ref = client.collection(collection).doc(id);
      const conflict = (): Error => lostRace(collection, id, expected);
      if (expected === null) return write(() => ref.create(fieldsOf(row, {})), LOST, conflict);
      const [found] = await attempt(() => client.getAll(ref, { fieldMask: ['rev'] }));
      if (found?.exists !== true || found.get('rev') !== expected) throw conflict();
      const { updateTime } = found;
      if (updateTime === undefined) throw new Transient(`${collection}/${id} was read without its time of update.`);
      return write(
        () => ref.update(fieldsOf(row, LEFT_OUT), { lastUpdateTime: updateTime }),
        new Set([...LOST, STATUS.notFound]),
        conflict,
      );
    },

    list: (collection, query, { limit, after }) =>
      attempt(() =>
        query.dueBefore === undefined
          ? listById(collection, query, limit, after)
          : listDue(collection, query, query.dueBefore, limit, after),
      ),

    delete: (collection, id) =>
      attempt(async () => {
        await client.collection(collection).doc(id).delete();
      }),

    // Calls that the library still repeats would hold up the end of the process.
    close: () => Promise.race([client.terminate(), sleep(CLOSE_MS, undefined, { ref: false })]),
  };
};
