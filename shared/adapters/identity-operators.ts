import { z } from 'zod';
import { Malformed } from '../errors.ts';
import { byKind } from '../operator-audience.ts';
import type { Clock, IdentityVerifier } from '../ports.ts';
import { makeGoogleIdentity } from './identity-google.ts';
import { IAP_ISSUER, makeIapIdentity } from './identity-iap.ts';
import type { Keys } from './identity-token.ts';

export type OperatorIdentityOptions = {
  /** Audiences of ID tokens, and audiences of IAP, which begin with `/projects/`. */
  audience: readonly string[];
  clock: Pick<Clock, 'monotonic'>;
  /** Gives the keys, instead of the published ones. */
  keys?: { google: () => Promise<Keys>; iap: () => Promise<Keys> };
};

const claims = z.looseObject({ iss: z.string() });

/** The issuer that a token claims. It only selects the verifier, so it need not be verified here. */
const issuerOf = (token: string): string | undefined => {
  try {
    return claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))).iss;
  } catch {
    return undefined;
  }
};

const none = (what: string): IdentityVerifier => ({
  verify: async () => {
    throw new Malformed(`the ID token is not accepted: FIREBREAK_OPERATOR_AUDIENCE names no audience of ${what}`);
  },
});

/**
 * Adds advice to the error: a person whose request fails at night only because of its token must learn how to send it
 * without one.
 */
const orWithout = ({ verify }: IdentityVerifier): IdentityVerifier => ({
  verify: (token) =>
    verify(token).catch((thrown: unknown) => {
      if (!(thrown instanceof Malformed)) throw thrown;
      throw new Malformed(`${thrown.message}; what needs no verified operator can be sent with --no-id-token`);
    }),
});

/**
 * Verifies the proof of an operator's identity: an ID token of Google, which the command line sends, or the assertion
 * of Identity-Aware Proxy, which the console passes on. Each is accepted for its own audiences only.
 */
export const makeOperatorIdentity = ({ audience, clock, keys }: OperatorIdentityOptions): IdentityVerifier => {
  const { proxy: iap, tokens: google } = byKind(audience);
  const ofIap =
    iap.length === 0
      ? none('Identity-Aware Proxy')
      : makeIapIdentity({ audience: iap, clock, ...(keys === undefined ? {} : { keys: keys.iap }) });
  const ofGoogle =
    google.length === 0
      ? none('ID tokens')
      : makeGoogleIdentity({ audience: google, ...(keys === undefined ? {} : { keys: keys.google }) });
  return { verify: (token) => (issuerOf(token) === IAP_ISSUER ? ofIap : orWithout(ofGoogle)).verify(token) };
};
