import type { Clock, DocStore, Stores } from '../../../shared/ports.ts';

/** Successful writes, altogether and the most in one second; and those of the document that was written most. */
export type Writes = { all: number; perSecond: number; hottest: { collection: string; perSecond: number } };

type Counter = { seconds: Map<number, number> };

const SECOND_MS = 1000;

const busiest = ({ seconds }: Counter): number => Math.max(0, ...seconds.values());

/** Stores whose successful writes are counted, by document and by second of the clock. */
export const countWrites = (stores: Stores, clock: Clock): { stores: Stores; writes(): Writes } => {
  const all: Counter = { seconds: new Map() };
  const documents = new Map<string, Counter & { collection: string }>();
  const count = ({ seconds }: Counter): void => {
    const second = Math.floor(clock.now() / SECOND_MS);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
  };
  const counted = <T>(collection: string, store: DocStore<T>): DocStore<T> => ({
    ...store,
    put: async (id, doc, expected) => {
      const stored = await store.put(id, doc, expected);
      const path = `${collection}/${id}`;
      const document = documents.get(path) ?? { collection, seconds: new Map() };
      documents.set(path, document);
      count(all);
      count(document);
      return stored;
    },
  });
  return {
    stores: {
      incidents: counted('incidents', stores.incidents),
      heads: counted('heads', stores.heads),
      findings: counted('findings', stores.findings),
      subjects: counted('subjects', stores.subjects),
      hosts: counted('hosts', stores.hosts),
      requests: counted('requests', stores.requests),
      halts: counted('halts', stores.halts),
      budgets: counted('budgets', stores.budgets),
      dead: counted('dead', stores.dead),
    },
    writes: () => {
      const hottest = [...documents.values()].map((one) => ({ collection: one.collection, perSecond: busiest(one) }));
      return {
        all: [...all.seconds.values()].reduce((sum, n) => sum + n, 0),
        perSecond: busiest(all),
        hottest: hottest.reduce((a, b) => (b.perSecond > a.perSecond ? b : a), { collection: 'none', perSecond: 0 }),
      };
    },
  };
};
