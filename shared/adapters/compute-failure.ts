import { Conflict, Denied, Exhausted, Malformed, Throttled, Transient } from '../errors.ts';
import { grantText } from './grant-text.ts';

/** A call that Compute Engine did not accept, with its HTTP status. No `status`: no reply (timeout, connection). */
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

/** Reasons that mean a quota, a rate limit or a passing failure, in a 403 as well as inside an operation. */
const BUSY =
  /^(rateLimitExceeded|userRateLimitExceeded|quotaExceeded|dailyLimitExceeded|concurrentOperationsQuotaExceeded|RATE_LIMIT_EXCEEDED|RESOURCE_EXHAUSTED|RESOURCE_OPERATION_RATE_EXCEEDED|QUOTA_EXCEEDED|ZONE_RESOURCE_POOL_EXHAUSTED(_WITH_DETAILS)?|resourceNotReady|RESOURCE_NOT_READY|backendError|INTERNAL_ERROR)$/;

/** Those that nobody may free for a long time. */
const QUOTA = /^(quotaExceeded|QUOTA_EXCEEDED|dailyLimitExceeded|ZONE_RESOURCE_POOL_EXHAUSTED(_WITH_DETAILS)?)$/;

/** Those that the next minute ends. */
const RATE = /^(rateLimitExceeded|userRateLimitExceeded|RATE_LIMIT_EXCEEDED)$/;

/** How to treat an answer other than success. */
export type Meaning = 'malformed' | 'denied' | 'conflict' | 'transient' | 'gone';

/**
 * Whether a 412 is about a stale fingerprint, which a new read changes, or gives no reason at all. An organization
 * policy or a right that a service agent lacks is refused with the same status, in ever new words, and no later read
 * changes it.
 */
const isStale = (message: string): boolean =>
  /fingerprint/i.test(message) || /^\s*(\S*|precondition failed\.?)\s*$/i.test(message);

/**
 * Classifies an HTTP status, and the reason and message beside it, in the same way for a refused call and for a failed
 * operation.
 */
export const meaningOf = (status: number | undefined, reason: string | undefined, message: string): Meaning => {
  if (status === 412 && !isStale(message)) return 'malformed';
  if (reason !== undefined && BUSY.test(reason)) return 'transient';
  if (status === undefined || status === 408 || status === 429 || status >= 500) return 'transient';
  if (status === 401 || status === 403) return 'denied';
  // Compute Engine gives every 404 a reason. A 404 without one comes from a proxy on the way and proves nothing.
  if (status === 404) return reason === undefined ? 'transient' : 'gone';
  return status === 409 || status === 412 ? 'conflict' : 'malformed';
};

const clean = (text: string): string => text.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 500);

/** Whether a call was refused because its target does not exist. */
export const isGone = (thrown: unknown): boolean =>
  thrown instanceof ComputeFailure && meaningOf(thrown.status, thrown.reason, thrown.message) === 'gone';

/** Whether a call was refused because the name is taken. */
export const isTaken = (thrown: unknown): boolean =>
  thrown instanceof ComputeFailure &&
  thrown.status === 409 &&
  /^(alreadyExists|ALREADY_EXISTS)$/.test(thrown.reason ?? '');

/**
 * Turns a thrown value into an error of shared/errors.ts; `what` names the call and its target. Other Errors are kept
 * as they are.
 */
export const errorOf = (thrown: unknown, what: string): Error => {
  if (!(thrown instanceof ComputeFailure)) {
    return thrown instanceof Error ? thrown : new Transient(`${what}: ${clean(String(thrown))}`);
  }
  const answer = [thrown.status ?? 'no reply', thrown.reason].filter((part) => part !== undefined).join(' ');
  const sentence = `${what}: Compute Engine answered ${answer}: ${clean(thrown.message)}`;
  switch (meaningOf(thrown.status, thrown.reason, thrown.message)) {
    case 'denied':
      return new Denied(thrown.status === 403 ? `${sentence}. ${grantText(true)}` : sentence);
    case 'conflict':
      return new Conflict(sentence);
    case 'transient':
      if (RATE.test(thrown.reason ?? '')) return new Throttled(sentence);
      return QUOTA.test(thrown.reason ?? '') ? new Exhausted(sentence) : new Transient(sentence);
    default:
      return new Malformed(sentence);
  }
};
