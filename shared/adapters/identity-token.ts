import { OAuth2Client, type TokenPayload } from 'google-auth-library';
import { z } from 'zod';
import { Malformed, sentenceOf, Transient } from '../errors.ts';
import type { Identity, IdentityVerifier } from '../ports.ts';
import { counted } from '../text.ts';
import { within } from './deadline.ts';

/** PEM certificates or public keys, by key id. */
export type Keys = Readonly<Record<string, string>>;

/** Time in ms for reading published keys: a halt waits for them, and the library sets no time limit. */
const KEYS_MS = 10_000;

/** At least one key. Without this check, a page of a proxy in place of the keys would refuse every token for good. */
const keySet = z
  .record(z.string(), z.string().startsWith('-----BEGIN '))
  .refine((keys) => Object.keys(keys).length > 0);

/** Reads keys in time; throws a TimeoutError after 10 s, and Error where the answer is no set of keys. */
export const keysInTime = async (read: () => Promise<Keys>): Promise<Keys> => {
  const keys = keySet.safeParse(await within(KEYS_MS, read));
  if (!keys.success) throw new Error('the answer holds no keys');
  return keys.data;
};

/**
 * An address that a token may prove: ASCII alone, since other letters may turn into those of somebody else's address in
 * lower case. It has no colon: IAP writes a prefix with one before an address that another identity provider vouches
 * for.
 */
const address = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$/);

export type TokenRules = {
  /** The accepted audiences: a token must be for one of them. */
  audience: readonly string[];
  issuers: readonly string[];
  /** The only accepted signing algorithm. */
  algorithm: 'RS256' | 'ES256';
  /** The longest accepted lifetime of a token, in seconds. */
  mostLife: number;
  /** Reads the keys, as `keysInTime` does: whoever waits for them waits no longer. */
  keys(): Promise<Keys>;
  /** The email address that the token proves, of whatever form; undefined if it proves none. */
  emailOf(payload: TokenPayload): unknown;
};

/**
 * Maps the library's messages, which quote the token, to sentences that do not. Signing in again does not help against
 * a wrong audience, so that sentence does not suggest it.
 */
const reasonsOf = ({ mostLife }: TokenRules): ReadonlyArray<[told: RegExp, because: string]> => [
  [/recipient|audience/i, 'it is for another audience than FIREBREAK_OPERATOR_AUDIENCE names'],
  [/issuer/i, 'it is not from Google; sign in again'],
  [
    /too late|expir|too far/i,
    `it has expired, or lives longer than ${counted(mostLife / 3600, 'hour')}; sign in again`,
  ],
  [/too early/i, 'it is not valid yet; sign in again'],
  [/pem found|signature/i, 'it is signed by no key that we know; sign in again'],
];

const reasonOf = (thrown: unknown, rules: TokenRules): string =>
  reasonsOf(rules).find(([told]) => told.test(sentenceOf(thrown).slice(0, 60)))?.[1] ??
  'it cannot be read; sign in again';

/**
 * The domain of the address counts only where its owner runs the account: with the claim `hd` for people, as Google's
 * OpenID Connect says; Google itself for service accounts, whose tokens lack it. The claim is not compared, since an
 * organization may have several domains.
 */
const identityOf = (email: string, payload: TokenPayload | undefined): Identity => {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  const isRun = (payload?.hd ?? '') !== '' || domain.endsWith('.gserviceaccount.com');
  return { email, ...(isRun ? { domain } : {}) };
};

/**
 * Verifies signed tokens of one kind: key, algorithm, issuer, audience, lifetime, and the address that they prove,
 * which is returned in lower case. Throws Transient if the keys cannot be read, Malformed for everything else that is
 * wrong.
 */
export const makeTokenVerifier = (rules: TokenRules): IdentityVerifier => {
  const client = new OAuth2Client();
  const algorithm = z.looseObject({ alg: z.literal(rules.algorithm) });
  const current = async (): Promise<Keys> => {
    try {
      return await rules.keys();
    } catch (thrown) {
      throw new Transient(`the keys that identities are signed with cannot be read: ${sentenceOf(thrown)}`);
    }
  };
  return {
    verify: async (token) => {
      const certs = await current();
      const ticket = await client
        .verifySignedJwtWithCertsAsync(token, { ...certs }, [...rules.audience], [...rules.issuers], rules.mostLife)
        .catch((thrown: unknown) => {
          throw new Malformed(`the ID token is not accepted: ${reasonOf(thrown, rules)}`);
        });
      // The library accepts whatever algorithm the token names, as long as it fits the key.
      if (!algorithm.safeParse(ticket.getEnvelope()).success)
        throw new Malformed('the ID token is not accepted: it is signed by no key that we know; sign in again');
      const payload = ticket.getPayload();
      const email = address.safeParse(payload === undefined ? undefined : rules.emailOf(payload));
      if (!email.success) throw new Malformed('the ID token is not accepted: it names no verified email address');
      return identityOf(email.data.toLowerCase(), payload);
    },
  };
};
