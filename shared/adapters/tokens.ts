/** Gives an access token, the same until it expires. `refused`: one that is no longer taken, so that another is needed. */
export type Tokens = (refused?: string) => Promise<string>;

/**
 * Sends a request under an identity, and once more under a new one if the answer is 401: the token was revoked before
 * its time, or those who check it changed their keys. Whoever does not know the caller has done nothing yet, so that to
 * send a change again is harmless.
 */
export const authorized = async <I, A extends { status: number }>(
  identity: (refused?: I) => Promise<I>,
  send: (under: I) => Promise<A>,
): Promise<A> => {
  const first = await identity();
  const answer = await send(first);
  return answer.status === 401 ? send(await identity(first)) : answer;
};
