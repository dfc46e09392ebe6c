import { Denied, Malformed } from '../errors.ts';

/** The API server's own words for a webhook, and for a policy, that refused. What follows them is the author's. */
const REFUSED =
  /admission webhook "[^"]{1,300}" denied the request|ValidatingAdmissionPolicy '[^']{1,300}'.{0,400} denied request/;

/**
 * Whether an admission policy of the cluster refused a change. Which status it answers with is the policy's own choice:
 * 403, 400 and 422 are all common. A right that is missing is something else.
 */
export const isRefusedByPolicy = (thrown: unknown): thrown is Error =>
  (thrown instanceof Denied || thrown instanceof Malformed) && REFUSED.test(thrown.message);
