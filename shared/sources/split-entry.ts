import { at, integer, type Loose, record, text } from '../kubernetes/loose.ts';
import { eventId } from './audit-fields.ts';
import { isAuditEntry } from './log-entry.ts';

/** A part of an audit entry that was too large for one: which one of how many. */
export type Split = { uid: string; index: number; total: number };

/** An API server takes objects of at most 1.5 MB: more parts than this are no entry's. */
const MAX_PARTS = 16;
/** The only fields that are divided; all others stand in every part. */
const DIVIDED = ['request', 'response', 'metadata'];

/** Which part of an entry this is; undefined for a whole entry, and for what cannot be a part. */
export const splitOf = (payload: unknown): Split | undefined => {
  const entry = record(payload);
  if (entry === undefined || !isAuditEntry(entry)) return undefined;
  const uid = text(at(entry, 'split', 'uid'));
  // JSON leaves out a number that is 0.
  const index = integer(at(entry, 'split', 'index') ?? 0);
  const total = integer(at(entry, 'split', 'totalSplits'));
  if (uid === undefined || index === undefined || total === undefined) return undefined;
  return total > 1 && total <= MAX_PARTS && index >= 0 && index < total
    ? { uid: uid.slice(0, 512), index, total }
    : undefined;
};

/**
 * One entry out of its parts, in their order. Texts are joined where they were cut, lists position by position. With parts
 * missing it is marked as a part still, and is another event than the whole one: what is seen in it counts for less.
 */
export const joined = (parts: readonly [Loose, ...Loose[]], { uid, total }: Split): Loose => {
  const [first, ...rest] = parts;
  const payload = rest.reduce<Loose>(
    (whole, part) => joinedPayload(whole, record(part.protoPayload) ?? {}),
    record(first.protoPayload) ?? {},
  );
  const { split: _, ...entry } = first;
  if (parts.length === total) return { ...entry, insertId: eventId('split', uid), protoPayload: payload };
  const split = { uid, index: 0, totalSplits: total };
  return { ...entry, insertId: eventId('split', uid, 'partial'), protoPayload: payload, split };
};

const joinedPayload = (whole: Loose, part: Loose): Loose => ({
  ...whole,
  ...Object.fromEntries(
    DIVIDED.filter((field) => Object.hasOwn(whole, field) || Object.hasOwn(part, field)).map((field) => [
      field,
      joinedValue(whole[field], part[field], field),
    ]),
  ),
});

const joinedValue = (a: unknown, b: unknown, key: string): unknown => {
  if (a === undefined || a === null) return b ?? a;
  if (b === undefined || b === null) return a;
  // The type of a body stands in each of its parts.
  if (typeof a === 'string' && typeof b === 'string') return key === '@type' ? a : a + b;
  if (Array.isArray(a) && Array.isArray(b)) {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, i): unknown => joinedValue(a[i], b[i], ''));
  }
  const [one, other] = [record(a), record(b)];
  if (one === undefined || other === undefined) return a;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...keys].map((name) => [name, joinedValue(at(one, name), at(other, name), name)]));
};
