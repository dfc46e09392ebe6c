import { OAuth2Client } from 'google-auth-library';
import type { Clock, IdentityVerifier } from '../ports.ts';
import { type Keys, keysInTime, makeTokenVerifier } from './identity-token.ts';

export type IapIdentityOptions = {
  /**
   * The accepted audiences, `/projects/NUMBER/...` as IAP names the backend or the service: a token must be for one of
   * them.
   */
  audience: readonly string[];
  clock: Pick<Clock, 'monotonic'>;
  /** Gives the keys. Default: the keys that IAP publishes. */
  keys?: () => Promise<Keys>;
};

/** The issuer of Identity-Aware Proxy's assertions. */
export const IAP_ISSUER = 'https://cloud.google.com/iap';
/** The longest accepted lifetime, in seconds; IAP's own assertions live for ten minutes. */
const MOST_LIFE = 60 * 60;
/** Keys are published well before they are used, and IAP does not say how long they may be cached. */
const KEPT_MS = 10 * 60_000;

/** Reads the keys at most every ten minutes. After a failure, the next call reads them again. */
const kept = (read: () => Promise<Keys>, { monotonic }: Pick<Clock, 'monotonic'>): (() => Promise<Keys>) => {
  let last: { at: number; keys: Promise<Keys> } | undefined;
  return () => {
    if (last !== undefined && monotonic() - last.at < KEPT_MS) return last.keys;
    const keys = keysInTime(read);
    last = { at: monotonic(), keys };
    keys.catch(() => {
      last = undefined;
    });
    return keys;
  };
};

/**
 * Verifies the assertions that Identity-Aware Proxy signs for each request: key, ES256, issuer, audience, lifetime, and
 * the address of the person who signed in. An address that another identity provider vouches for is not accepted; IAP
 * writes such an address with a prefix.
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
    emailOf: ({ email }) => email,
  });
};
