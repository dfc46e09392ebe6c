import { Conflict, Denied, Malformed, Transient } from '../errors.ts';

/** A call that Compute Engine did not accept, as HTTP told it. No `status`: no reply (timeout, connection). */
export class ComputeFailure extends Error {
  override readonly name = 'ComputeFailure';
  readonly status: number | undefined;
  /** `error.errors[0].reason` of the reply, such as `notFound`. */
  readonly reason: string | undefined;

  constructor(message: string, status?: number, reason?: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** What a quota or a rate limit calls itself, in a 403 as well as inside an operation. */
const BUSY =
  /^(rateLimitExceeded|userRateLimitExceeded|quotaExceeded|dailyLimitExceeded|concurrentOperationsQuotaExceeded|RATE_LIMIT_EXCEEDED|RESOURCE_EXHAUSTED|RESOURCE_OPERATION_RATE_EXCEEDED|QUOTA_EXCEEDED|ZONE_RESOURCE_POOL_EXHAUSTED(_WITH_DETAILS)?|resourceNotReady|RESOURCE_NOT_READY|backendError|INTERNAL_ERROR)$/;

/** How an answer that is not success is to be taken. */
export type Meaning = 'malformed' | 'denied' | 'conflict' | 'transient' | 'gone';

/** Reads an HTTP status and the reason beside it; the same for a refused call and for an operation that failed. */
export const meaningOf = (status: number | undefined, reason: string | undefined): Meaning => {
  if (reason !== undefined && BUSY.test(reason)) return 'transient';
  if (status === undefined || status === 408 || status === 429 || status >= 500) return 'transient';
  if (status === 401 || status === 403) return 'denied';
  // Compute Engine gives every 404 a reason; one without comes from a proxy on the way, and says nothing.
  if (status === 404) return reason === undefined ? 'transient' : 'gone';
  return status === 409 || status === 412 ? 'conflict' : 'malformed';
};

const clean = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 500);

/** Whether a call was refused because its target is not there. */
export const isGone = (thrown: unknown): boolean =>
  thrown instanceof ComputeFailure && meaningOf(thrown.status, thrown.reason) === 'gone';

/** Whether a call was refused because the name is taken. */
export const isTaken = (thrown: unknown): boolean =>
  thrown instanceof ComputeFailure &&
  thrown.status === 409 &&
  /^(alreadyExists|ALREADY_EXISTS)$/.test(thrown.reason ?? '');

/** The error of shared/errors.ts for what a call threw; `what` names the call and its target. One of ours stays. */
export const errorOf = (thrown: unknown, what: string): Error => {
  if (!(thrown instanceof ComputeFailure)) {
    return thrown instanceof Error ? thrown : new Transient(`${what}: ${clean(String(thrown))}`);
  }
  const answer = [thrown.status ?? 'no reply', thrown.reason].filter((part) => part !== undefined).join(' ');
  const sentence = `${what}: Compute Engine answered ${answer}: ${clean(thrown.message)}`;
  switch (meaningOf(thrown.status, thrown.reason)) {
    case 'denied':
      return new Denied(sentence);
    case 'conflict':
      return new Conflict(sentence);
    case 'transient':
      return new Transient(sentence);
    default:
      return new Malformed(sentence);
  }
};
