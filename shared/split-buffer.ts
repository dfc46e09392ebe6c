import { hash } from 'node:crypto';
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

/** How long to wait for the parts of an entry: they are written at once, and exported seconds apart at most. */
const PATIENCE_MS = 60_000;
const POLL_MS = 2_000;
const KEPT_MS = 3_600_000;
const MAX_PART = 8 * 1024 * 1024;

/** The most of a body in one document. An entry of 512 KiB that does not compress takes 700 KiB in base64: too much. */
const MAX_PIECE = 448 * 1024;

/** `rest`: the ids of the documents with the rest of the body, in order. */
const part = z.object({ at: time, body: z.string(), rest: z.array(z.string()).optional() });
const piece = z.object({ body: z.string() });

/**
 * The entry that a part belongs to. It is given as soon as all of its parts are in memory, whichever deliveries brought
 * them, or after a minute, with the parts that are there then. The minute counts from when this part was first seen, so
 * that a repeat after a delivery that died does not wait anew. The delivery of every part gives the same entry. If the
 * memory fails, the part alone is given, and that is counted.
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

/** Stores a part, once, and returns when it was first seen. */
const keep = async ({ marks, clock }: SplitPorts, entry: Loose, split: Split): Promise<Time> => {
  const name = nameOf(split, split.index);
  const at = timeOf(clock.now());
  const body = gzipSync(JSON.stringify(entry)).toString('base64');
  const stamp = { v: 1 as const, rev: 0, writer: '', expireAt: timeOf(clock.now() + KEPT_MS) };
  const rest = restOf(name, body);
  try {
    // The first document is written last, so that whoever finds it finds the rest as well.
    for (const [id, more] of rest) await keepPiece(marks, id, { ...stamp, body: more });
    const names = rest.map(([id]) => id);
    const first = { ...stamp, at, body: body.slice(0, MAX_PIECE), ...(names.length === 0 ? {} : { rest: names }) };
    await marks.put(name, first, null);
    return at;
  } catch (thrown) {
    if (!(thrown instanceof Conflict)) throw thrown;
    return part.parse(await marks.get(name)).at;
  }
};

/**
 * The pieces of a body that do not fit into the first document, each with the id of its own document. The id is derived
 * from the content, so that a document that exists already has the same piece.
 */
const restOf = (name: string, body: string): Array<[id: string, more: string]> => {
  const count = Math.ceil(body.length / MAX_PIECE) - 1;
  return Array.from({ length: Math.max(count, 0) }, (_, n) => {
    const more = body.slice((n + 1) * MAX_PIECE, (n + 2) * MAX_PIECE);
    return [`${name}-${hash('sha256', more).slice(0, 24)}`, more];
  });
};

const keepPiece = async (marks: SplitPorts['marks'], id: string, doc: MemoryDocument): Promise<void> => {
  try {
    await marks.put(id, doc, null);
  } catch (thrown) {
    if (!(thrown instanceof Conflict)) throw thrown;
  }
};

const waitForAll = async (ports: SplitPorts, split: Split, until: number): Promise<Loose> => {
  const { marks, clock, log } = ports;
  for (;;) {
    const docs = await Promise.all(Array.from({ length: split.total }, (_, index) => marks.get(nameOf(split, index))));
    const here = docs.filter((doc) => doc !== undefined);
    const left = until - clock.now();
    if (here.length === split.total || left <= 0) {
      const [first, ...rest] = await Promise.all(here.map((doc) => entryIn(marks, doc)));
      if (first === undefined) throw new Error('the part that was just stored is not there');
      if (here.length < split.total) {
        const some = `${here.length} of ${split.total} parts of a log entry`;
        log.count('split-incomplete', `${some} came within a minute: they are scored as they are`, { uid: split.uid });
      }
      return joined([first, ...rest], split);
    }
    await clock.sleep(Math.min(POLL_MS, left));
  }
};

const entryIn = async (marks: SplitPorts['marks'], doc: MemoryDocument): Promise<Loose> => {
  const { body, rest = [] } = part.parse(doc);
  const more = await Promise.all(rest.map(async (id) => piece.parse(await marks.get(id)).body));
  const packed = Buffer.from([body, ...more].join(''), 'base64');
  const text = gunzipSync(packed, { maxOutputLength: MAX_PART }).toString('utf8');
  const entry = record(JSON.parse(text));
  if (entry === undefined) throw new Error('a stored part is no log entry');
  return entry;
};
