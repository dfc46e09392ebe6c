import { z } from 'zod';
import { againOnConflict } from './again-on-conflict.ts';
import { Conflict, Transient } from './errors.ts';
import { time, timeOf } from './model/time.ts';
import type { Clock, DocStore } from './ports.ts';
import type { MemoryDocument } from './store/memory.ts';

/** Longer than all calls of a notifier for one notice may take, with their waits. */
const LEASE_MS = 90_000;
const WAIT_MS = 250;
const MAX_WAIT_MS = 5000;
/** The most numbers kept; an incident has tens of notices. All numbers below the oldest that is kept count as told. */
const MAX_TOLD = 200;
const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;

/** The thread document of an incident: which delivery may tell now, and the notices told and value kept by notifier. */
const body = z.object({
  lease: z.object({ token: z.string(), until: time }).optional(),
  told: z.record(z.string(), z.array(z.number().int())).default({}),
  kept: z.record(z.string(), z.unknown()).default({}),
});
type Body = z.infer<typeof body>;

/** The numbers of the notices that each notifier has told of an incident. */
export type Told = {
  has(notifier: string, seq: number): boolean;
  /** Whether the notifier has told a newer notice. */
  isPast(notifier: string, seq: number): boolean;
};

/** An incident's thread, claimed: no other delivery tells of this incident until it is left, or its lease is over. */
export type Thread = Told & {
  kept(notifier: string): unknown;
  /** Stores a value for a notifier, at once. */
  keep(notifier: string, value: unknown): Promise<void>;
  /** Notes that a notifier has told a notice; stored when the thread is left. */
  note(notifier: string, seq: number): void;
  leave(): Promise<void>;
};

export type ThreadPorts = {
  threads: DocStore<MemoryDocument>;
  clock: Pick<Clock, 'now' | 'random' | 'sleep'>;
};

const read = (doc: MemoryDocument | undefined): Body => body.parse(doc ?? {});

const toldOf = ({ told }: Pick<Body, 'told'>): Told => ({
  has: (notifier, seq) => {
    const seqs = told[notifier] ?? [];
    return seqs.includes(seq) || (seqs.length >= MAX_TOLD && seq < (seqs[0] ?? 0));
  },
  isPast: (notifier, seq) => (told[notifier]?.at(-1) ?? -1) > seq,
});

const union = (a: Body['told'], b: Body['told']): Body['told'] =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((notifier) => {
      const seqs = new Set([...(a[notifier] ?? []), ...(b[notifier] ?? [])]);
      return [notifier, [...seqs].toSorted((x, y) => x - y).slice(-MAX_TOLD)];
    }),
  );

/** The notices told of an incident, by a single read and without a claim. */
export const toldIn = async ({ threads }: ThreadPorts, incident: string): Promise<Told> =>
  toldOf(read(await threads.get(incident)));

/**
 * Claims the thread of an incident by compare-and-set, before anything is sent. Waits a little for another delivery
 * that has claimed it.
 *
 * @throws Transient where the other delivery keeps it, or others write it all the time.
 */
export const claimThread = async ({ threads, clock }: ThreadPorts, incident: string): Promise<Thread> => {
  const token = clock.random();
  const mine: Pick<Body, 'told' | 'kept'> = { told: {}, kept: {} };
  let doc: MemoryDocument | undefined;

  /** The newest document, merged with what this thread has noted; without `lease`, a document that is left. */
  const merged = (lease: Body['lease']): MemoryDocument => {
    const { lease: _, ...rest } = doc ?? { v: 1 as const, rev: 0, writer: '' };
    const { told, kept } = read(doc);
    return {
      ...rest,
      v: 1,
      told: union(told, mine.told),
      kept: { ...kept, ...mine.kept },
      expireAt: timeOf(clock.now() + KEPT_DAYS * DAY_MS),
      ...(lease === undefined ? {} : { lease }),
    };
  };

  /** Merges what is ours into what others have stored. A lease that another took after ours was over stays theirs. */
  const store = (lease: Body['lease']): Promise<void> =>
    againOnConflict(`the thread of ${incident} was written by others`, async (tries) => {
      if (tries > 0) doc = await threads.get(incident);
      const { lease: current } = read(doc);
      doc = await threads.put(incident, merged(current?.token === token ? lease : current), doc?.rev ?? null);
    });

  const claim = async (): Promise<NonNullable<Body['lease']>> => {
    for (let waited = 0; waited <= MAX_WAIT_MS; waited += WAIT_MS) {
      doc = await threads.get(incident);
      const { lease: current } = read(doc);
      const now = clock.now();
      if (current === undefined || current.until <= timeOf(now)) {
        const lease = { token, until: timeOf(now + LEASE_MS) };
        try {
          doc = await threads.put(incident, merged(lease), doc?.rev ?? null);
          return lease;
        } catch (thrown) {
          if (!(thrown instanceof Conflict)) throw thrown;
        }
      }
      await clock.sleep(WAIT_MS);
    }
    throw new Transient(`another notice of ${incident} is being told: this one comes after it`);
  };

  const lease = await claim();
  return {
    ...toldOf(read(doc)),
    kept: (notifier) => mine.kept[notifier] ?? read(doc).kept[notifier],
    keep: (notifier, value) => {
      mine.kept = { ...mine.kept, [notifier]: value };
      return store(lease);
    },
    note: (notifier, seq) => {
      mine.told = union(mine.told, { [notifier]: [seq] });
    },
    leave: () => store(undefined),
  };
};
