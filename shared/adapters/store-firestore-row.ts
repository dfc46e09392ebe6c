import { type DocumentSnapshot, FieldValue, Timestamp } from '@google-cloud/firestore';
import { msOf, timeOf } from '../model/time.ts';
import type { ListQuery } from '../ports.ts';
import type { Row } from '../store/raw.ts';

/** The optional fields that a listing can filter by. */
export const OPTIONAL = ['state', 'key', 'dueAt'] as const;

const text = (snapshot: DocumentSnapshot, field: string): string | undefined => {
  const value: unknown = snapshot.get(field);
  return typeof value === 'string' ? value : undefined;
};

/** Reads a document as a row. */
export const rowOf = (snapshot: DocumentSnapshot): Row => {
  const expireAt: unknown = snapshot.get('expireAt');
  const found = OPTIONAL.map((field) => [field, text(snapshot, field)]).filter(([, value]) => value !== undefined);
  return {
    rev: Number(snapshot.get('rev')),
    body: text(snapshot, 'body') ?? '',
    updatedAt: text(snapshot, 'updatedAt') ?? '',
    ...Object.fromEntries(found),
    ...(expireAt instanceof Timestamp ? { expireAt: timeOf(expireAt.toMillis()) } : {}),
  };
};

/** The fields of a document for a row; `otherwise` gives values for fields that the row leaves out. */
export const fieldsOf = (row: Row, otherwise: Record<string, unknown>): Record<string, unknown> => ({
  ...otherwise,
  ...row,
  // The TTL policy of a database only reads timestamps.
  ...(row.expireAt === undefined ? {} : { expireAt: Timestamp.fromMillis(msOf(row.expireAt)) }),
});

/** Deletes those fields of a document that its new row leaves out. */
export const LEFT_OUT = Object.fromEntries([...OPTIONAL, 'expireAt'].map((field) => [field, FieldValue.delete()]));

/** Whether a document exists and meets all criteria except the prefix of its id. */
export const meets = (snapshot: DocumentSnapshot, { state, key, dueBefore }: ListQuery): boolean => {
  const dueAt = text(snapshot, 'dueAt');
  return (
    snapshot.exists &&
    (state === undefined || snapshot.get('state') === state) &&
    (key === undefined || snapshot.get('key') === key) &&
    (dueBefore === undefined || (dueAt !== undefined && dueAt <= dueBefore))
  );
};
