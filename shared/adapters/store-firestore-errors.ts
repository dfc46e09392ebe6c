import { Denied, Malformed, sentenceOf, Transient } from '../errors.ts';

/**
 * The gRPC status codes that callers here must tell apart (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).
 */
export const STATUS = { invalid: 3, notFound: 5, exists: 6, precondition: 9, aborted: 10 } as const;

const TRANSIENT = new Set([1 /* CANCELLED */, 4 /* DEADLINE */, 8 /* EXHAUSTED */, STATUS.aborted, 13, 14]);
const DENIED = new Set([7 /* PERMISSION_DENIED */, 16 /* UNAUTHENTICATED */]);

/** The status code of an error of the client library; undefined for any other value. */
export const codeOf = (thrown: unknown): number | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number' ? thrown.code : undefined;

/**
 * Turns an error of the client library into one of Firebreak's: Transient for a passing failure, Denied for something
 * that a person has to fix (rights, a missing database or index), Malformed for a request that the service will never
 * take. Any other value is returned as it is.
 */
export const firestoreFailure = (thrown: unknown, database: string): unknown => {
  const code = codeOf(thrown);
  if (code === undefined) return thrown;
  const sentence = `The Firestore database ${database} answered: ${sentenceOf(thrown)}`;
  if (TRANSIENT.has(code)) return new Transient(sentence, { cause: thrown });
  if (DENIED.has(code)) return new Denied(`${sentence}; check what this identity may do there.`, { cause: thrown });
  if (code === STATUS.notFound || code === STATUS.precondition)
    return new Denied(`${sentence}; check that the database and its indexes are there.`, { cause: thrown });
  if (code === STATUS.invalid) return new Malformed(sentence, { cause: thrown });
  return thrown;
};
