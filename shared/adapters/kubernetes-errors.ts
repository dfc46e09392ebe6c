import { z } from 'zod';
import { Conflict, Denied, Exhausted, Malformed, Transient, Unadmitted } from '../errors.ts';
import { jsonOf } from '../json.ts';
import { plain } from '../text.ts';
import { grantText } from './grant-text.ts';
import type { WireAnswer } from './kubernetes-wire.ts';

const MESSAGE_LIMIT = 600;
/**
 * Matches the start of a 403 message that is about a quota or a rate, and so will pass by itself. Anything later in a
 * message may quote a name that an attacker chose: a Secret called `quota` must not turn a missing right into a failure
 * that is retried for ever.
 */
const PASSING =
  /^(?:[a-z0-9./-]+ (?:"[^"]*" )?is forbidden: (?:exceeded quota|status unknown for quota): |rate limit exceeded|quota exceeded for |too many requests)/i;
/** Of these, those that nobody may free for a long time. */
const QUOTA = /^[a-z0-9./-]+ (?:"[^"]*" )?is forbidden: exceeded quota: /i;
/** An authorizer's refusal, in the API server's own words. It is never a quota, whatever else the message says. */
const UNAUTHORIZED = / User "(?:[^"\\]|\\.)*" cannot /;
/** The API server's words for a webhook that it cannot reach and that must not be passed by. */
const UNADMITTED = /^Internal error occurred: failed calling webhook "/;
/** What the API server passes on where its storage takes no object of this size, as a whole message. */
const TOO_LARGE =
  /^(?:etcdserver: request is too large$|rpc error: code = ResourceExhausted desc = trying to send message larger than max )/;
const UID_FIELD = 'metadata.uid';

const statusBody = z.looseObject({
  message: z.string().optional(),
  /** Google's own form of an error, by what stands before the API server. */
  error: z.looseObject({ message: z.string() }).optional().catch(undefined),
  reason: z.string().optional(),
  details: z
    .looseObject({
      causes: z
        .array(
          z.looseObject({
            reason: z.string().optional(),
            message: z.string().optional(),
            field: z.string().optional(),
          }),
        )
        .optional(),
      retryAfterSeconds: z.number().optional(),
    })
    .nullish(),
});
export type StatusBody = z.infer<typeof statusBody>;

/**
 * Reads a Status object, also one that comes as text, as in the refusal of a log. For anything else (a proxy's page,
 * plain text), returns a text as the message and otherwise nothing.
 */
export const statusOf = (answer: WireAnswer): StatusBody => {
  const parsed = statusBody.safeParse(typeof answer.body === 'string' ? jsonOf(answer.body) : answer.body);
  if (parsed.success) return parsed.data;
  return typeof answer.body === 'string' && answer.body !== '' ? { message: answer.body } : {};
};

/** What the API server's own router answers for a path that it does not serve: that of a kind which was removed. */
const UNSERVED = '404 page not found';

/**
 * Whether the API server says that something does not exist. A 404 in any other words comes from something before the
 * server (a front end that knows no cluster at this address), and proves nothing: what was to be found may live on.
 */
export const isMissing = (answer: WireAnswer): boolean =>
  answer.status === 404 && (statusOf(answer).reason === 'NotFound' || statusOf(answer).message?.trim() === UNSERVED);

/** The server's own message, bounded and on one line, since it goes into records and logs. */
export const messageOf = (answer: WireAnswer): string => {
  const { message, error } = statusOf(answer);
  return plain(message ?? error?.message ?? '', MESSAGE_LIMIT) || 'no message';
};

/** A sentence for an answer other than success. `doing` names the call: `patch Pod shop/cart-7d9f`. */
export const refusalOf = (answer: WireAnswer, doing: string): string =>
  `Kubernetes refused to ${doing} (${answer.status}): ${messageOf(answer)}`;

/**
 * The error for an answer of the API server. 401 and 403 are Denied
 * (403 about a rate: Transient; about a quota: Exhausted). 404, 409, 410 and 412 are Conflict, and so is a 422 about
 * `metadata.uid`, which is how the server answers a patch for an object that was deleted and created again. 408, 429
 * and a 404 that is not the API server's own are Transient, other 4xx Malformed, and so is an object that would be too
 * large; all else is Transient (Unadmitted if it is a webhook that does not answer).
 */
export const errorOf = (answer: WireAnswer, doing: string): Error => {
  const { status } = answer;
  const said = refusalOf(answer, doing);
  if (status === 401) return new Denied(`${said}. Check that the function's identity may reach this cluster.`);
  if (status === 403) {
    const message = messageOf(answer);
    if (PASSING.test(message) && !UNAUTHORIZED.test(message))
      return QUOTA.test(message) ? new Exhausted(said) : new Transient(said);
    return new Denied(`${said}. ${grantText(UNAUTHORIZED.test(message))}`);
  }
  if (status === 404) return isMissing(answer) ? new Conflict(said) : new Transient(said);
  if (status === 409 || status === 410 || status === 412) return new Conflict(said);
  if (status === 422 && statusOf(answer).details?.causes?.some((c) => c.field === UID_FIELD)) return new Conflict(said);
  if (status === 500 && UNADMITTED.test(messageOf(answer))) return new Unadmitted(said);
  if (status === 500 && TOO_LARGE.test(messageOf(answer))) return new Malformed(said);
  if (status === 408 || status === 429 || status >= 500) return new Transient(said);
  if (status >= 400) return new Malformed(said);
  return new Transient(`Kubernetes answered ${status} to ${doing}, which is no answer to it.`);
};
