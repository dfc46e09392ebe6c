import { OAuth2Client } from 'google-auth-library';
import { isEmail } from '../kubernetes/names.ts';
import type { Clock, IdentityVerifier } from '../ports.ts';
import { type Keys, makeTokenVerifier } from './identity-token.ts';

export type IapIdentityOptions = {
  /** `/projects/NUMBER/...`, as IAP names the backend or the service: one of these. */
  audience: readonly string[];
  clock: Pick<Clock, 'monotonic'>;
  /** Where the keys come from; IAP's published ones unless given. */
  keys?: () => Promise<Keys>;
};

/** Whom the assertion of Identity-Aware Proxy is from. */
export const IAP_ISSUER = 'https://cloud.google.com/iap';
/** IAP's own live for ten minutes. */
const MOST_LIFE = 60 * 60;
/** Keys are added well before they are used, and IAP says nothing of how long they hold. */
const KEPT_MS = 10 * 60_000;

/** What is read at most every ten minutes; what could not be read is asked for again the next time. */
const kept = (read: () => Promise<Keys>, { monotonic }: Pick<Clock, 'monotonic'>): (() => Promise<Keys>) => {
  let last: { at: number; keys: Promise<Keys> } | undefined;
  return () => {
    if (last !== undefined && monotonic() - last.at < KEPT_MS) return last.keys;
    const keys = read();
    last = { at: monotonic(), keys };
    keys.catch(() => {
      last = undefined;
    });
    return keys;
  };
};

/**
 * Verifies the assertions that Identity-Aware Proxy signs for each request: key, ES256, issuer, audience, lifetime, and the
 * address of who signed in. An address that another identity provider vouches for, which IAP writes with a prefix, is none.
 */
export const makeIapIdentity = ({ audience, clock, keys }: IapIdentityOptions): IdentityVerifier => {
  const client = new OAuth2Client();
  const published = async (): Promise<Keys> => (await client.getIapPublicKeys()).pubkeys;
  return makeTokenVerifier({
    audience,
    issuers: [IAP_ISSUER],
    algorithm: 'ES256',
    mostLife: MOST_LIFE,
    keys: kept(keys ?? published, clock),
    emailOf: ({ email }) => (email !== undefined && isEmail(email) ? email : undefined),
  });
};
