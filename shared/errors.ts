/** The input cannot be read: recorded or logged with a counted metric, and acknowledged. Never retried. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** A service refuses (401, 403, a refused admission). On a containment step: pending, retried for 15 minutes. */
export class Denied extends Error {
  override readonly name = 'Denied';
}

/** Someone else wrote first (409, 412, a lost compare-and-set): reload, merge, at most five times. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** Try again later (429, 5xx, quota, timeouts): thrown, so that the message is delivered again. */
export class Transient extends Error {
  override readonly name = 'Transient';
}

/**
 * A quota is used up: Transient, but it may last until somebody frees it. A step that meets it says so, tries again for
 * 15 minutes, and then fails, so that it does not keep others waiting for ever.
 */
export class Exhausted extends Transient {}

/**
 * An admission webhook of the cluster does not answer, and lets no change pass meanwhile. It may last until somebody
 * repairs it, like a quota that is used up, and is met in the same way.
 */
export class Unadmitted extends Exhausted {}

/**
 * Too many calls in a minute: Transient, and over by itself within a minute. A step that meets it waits for that,
 * however often, so that neither its delivery nor what the run has read so far is lost.
 */
export class Throttled extends Transient {}

/**
 * A newer release wrote what this one cannot read: Transient, because that release may be on its way. After a rollback
 * it lasts until somebody goes forward again.
 */
export class Newer extends Transient {}

/** The message of anything that was thrown. */
export const sentenceOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
