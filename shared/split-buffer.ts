import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { Conflict, sentenceOf } from './errors.ts';
import { type Loose, record } from './kubernetes/loose.ts';
import { msOf, type Time, time, timeOf } from './model/time.ts';
import type { Clock, DocStore, Log } from './ports.ts';
import { eventId } from './sources/audit-fields.ts';
import { joined, type Split } from './sources/split-entry.ts';
import type { MemoryDocument } from './store/memory.ts';

export type SplitPorts = { marks: DocStore<MemoryDocument>; clock: Pick<Clock, 'now' | 'sleep'>; log: Log };

/** The parts of an entry are written at once, and exported seconds apart at most. */
const PATIENCE_MS = 60_000;
const POLL_MS = 2_000;
const KEPT_MS = 3_600_000;
const MAX_PART = 8 * 1024 * 1024;

const part = z.object({ at: time, body: z.string() });

/**
 * The entry that a part belongs to: whole as soon as all of its parts are in memory, whoever brought them; with what is
 * there after a minute, counted from when this part was first seen, so that a delivery that died is not waited for anew.
 * Each part's delivery gives the same entry. Where memory fails, the part stands for itself, and that is counted.
 */
export const gathered = async (ports: SplitPorts, entry: Loose, split: Split): Promise<Loose> => {
  try {
    const first = await keep(ports, entry, split);
    return await waitForAll(ports, split, msOf(first) + PATIENCE_MS);
  } catch (thrown) {
    ports.log.count('memory-failed', `a part of a log entry could not be kept: ${sentenceOf(thrown)}`, {
      uid: split.uid,
    });
    return entry;
  }
};

const nameOf = ({ uid }: Split, index: number): string => `split-${eventId(uid)}-${index}`;

/** Stores a part, once; gives when it was first seen. */
const keep = async ({ marks, clock }: SplitPorts, entry: Loose, split: Split): Promise<Time> => {
  const name = nameOf(split, split.index);
  const at = timeOf(clock.now());
  const body = gzipSync(JSON.stringify(entry)).toString('base64');
  const expireAt = timeOf(clock.now() + KEPT_MS);
  try {
    await marks.put(name, { v: 1, rev: 0, writer: '', at, body, expireAt }, null);
    return at;
  } catch (thrown) {
    if (!(thrown instanceof Conflict)) throw thrown;
    return part.parse(await marks.get(name)).at;
  }
};

const waitForAll = async (ports: SplitPorts, split: Split, until: number): Promise<Loose> => {
  const { marks, clock, log } = ports;
  for (;;) {
    const docs = await Promise.all(Array.from({ length: split.total }, (_, index) => marks.get(nameOf(split, index))));
    const [first, ...rest] = docs.flatMap((doc) => (doc === undefined ? [] : [entryIn(doc)]));
    if (first === undefined) throw new Error('the part that was just stored is not there');
    const left = until - clock.now();
    if (rest.length + 1 === split.total) return joined([first, ...rest], split);
    if (left <= 0) {
      const here = `${rest.length + 1} of ${split.total} parts of a log entry`;
      log.count('split-incomplete', `${here} came within a minute: they are scored as they are`, { uid: split.uid });
      return joined([first, ...rest], split);
    }
    await clock.sleep(Math.min(POLL_MS, left));
  }
};

const entryIn = (doc: MemoryDocument): Loose => {
  const { body } = part.parse(doc);
  const text = gunzipSync(Buffer.from(body, 'base64'), { maxOutputLength: MAX_PART }).toString('utf8');
  const entry = record(JSON.parse(text));
  if (entry === undefined) throw new Error('a stored part is no log entry');
  return entry;
};
