import { type DocumentSnapshot, FieldValue, Timestamp } from '@google-cloud/firestore';
import { msOf, timeOf } from '../model/time.ts';
import type { ListQuery } from '../ports.ts';
import type { Row } from '../store/raw.ts';

/** The fields that a listing may ask for. */
export const OPTIONAL = ['state', 'key', 'dueAt'] as const;

const text = (snapshot: DocumentSnapshot, field: string): string | undefined => {
  const value: unknown = snapshot.get(field);
  return typeof value === 'string' ? value : undefined;
};

/** A document as a row. */
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

/** A row as the fields of a document; `otherwise` stands for those that the row leaves out. */
export const fieldsOf = (row: Row, otherwise: Record<string, unknown>): Record<string, unknown> => ({
  ...otherwise,
  ...row,
  // A TTL policy of the database reads timestamps alone.
  ...(row.expireAt === undefined ? {} : { expireAt: Timestamp.fromMillis(msOf(row.expireAt)) }),
});

/** Takes away from a document what its new row leaves out. */
export const LEFT_OUT = Object.fromEntries([...OPTIONAL, 'expireAt'].map((field) => [field, FieldValue.delete()]));

/** Whether a document is there and meets all criteria but the prefix of its id. */
export const meets = (snapshot: DocumentSnapshot, { state, key, dueBefore }: ListQuery): boolean => {
  const dueAt = text(snapshot, 'dueAt');
  return (
    snapshot.exists &&
    (state === undefined || snapshot.get('state') === state) &&
    (key === undefined || snapshot.get('key') === key) &&
    (dueBefore === undefined || (dueAt !== undefined && dueAt <= dueBefore))
  );
};
