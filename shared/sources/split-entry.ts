import { at, integer, type Loose, record, text } from '../kubernetes/loose.ts';
import { eventId } from './audit-fields.ts';
import { isAuditEntry } from './log-entry.ts';

/** Identifies a part of an audit entry that was too large for one: its index, and how many parts there are. */
export type Split = { uid: string; index: number; total: number };

/** API servers take objects of at most 1.5 MB, so no entry has more parts than this. */
const MAX_PARTS = 16;
/** The only fields that are divided; every part contains all the others. */
const DIVIDED = ['request', 'response', 'metadata'];

/** Which part of an entry this is; undefined for a whole entry, and for anything that cannot be a part. */
export const splitOf = (payload: unknown): Split | undefined => {
  const entry = record(payload);
  if (entry === undefined || !isAuditEntry(entry)) return undefined;
  const uid = text(at(entry, 'split', 'uid'));
  // JSON leaves out numbers that are 0.
  const index = integer(at(entry, 'split', 'index') ?? 0);
  const total = integer(at(entry, 'split', 'totalSplits'));
  if (uid === undefined || index === undefined || total === undefined) return undefined;
  return total > 1 && total <= MAX_PARTS && index >= 0 && index < total
    ? { uid: uid.slice(0, 512), index, total }
    : undefined;
};

/**
 * Joins the parts of an entry, given in their order. Texts are concatenated, lists are joined position by position. If
 * parts are missing, the result is still marked as a part and has a different event id from the whole entry: findings
 * on it count for less.
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
    DIVIDED.filter((field) => Object.hasOwn(part, field)).map((field) => [
      field,
      joinedValue(whole[field], part[field], field),
    ]),
  ),
});

const joinedValue = (a: unknown, b: unknown, key: string): unknown => {
  if (a === undefined || a === null) return b ?? a;
  // Each part of a body repeats its type.
  if (typeof a === 'string' && typeof b === 'string') return key === '@type' ? a : a + b;
  if (Array.isArray(a) && Array.isArray(b)) {
    return Array.from({ length: Math.max(a.length, b.length) }, (_, i): unknown => joinedValue(a[i], b[i], ''));
  }
  const [one, other] = [record(a), record(b)];
  if (one === undefined || other === undefined) return a;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...keys].map((name) => [name, joinedValue(at(one, name), at(other, name), name)]));
};
