import { OAuth2Client } from 'google-auth-library';
import { Malformed, sentenceOf, Transient } from '../errors.ts';
import type { IdentityVerifier } from '../ports.ts';

/** PEM certificates or public keys, by key id. */
export type Keys = Readonly<Record<string, string>>;

export type GoogleIdentityOptions = {
  /** The audiences of which a token must be for one. */
  audience: readonly string[];
  /** Where the keys come from; Google's published ones, kept as long as they say, unless given. */
  keys?: () => Promise<Keys>;
};

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** No token that we accept lives longer, in seconds. */
const MOST_LIFE = 2 * 60 * 60;

/** The library's own messages quote the token; ours never do. */
const REASONS: ReadonlyArray<[told: RegExp, because: string]> = [
  [/recipient|audience/i, 'it is for another audience'],
  [/issuer/i, 'it is not from Google'],
  [/too late|expir/i, 'it has expired, or lives longer than two hours'],
  [/too early/i, 'it is not valid yet'],
  [/pem found|signature/i, 'it is signed by no key that we know'],
];

const reasonOf = (thrown: unknown): string =>
  REASONS.find(([told]) => told.test(sentenceOf(thrown).slice(0, 60)))?.[1] ?? 'it cannot be read';

/** Verifies Google ID tokens: signature, issuer, audience, lifetime, and an email address that Google has verified. */
export const makeGoogleIdentity = ({ audience, keys }: GoogleIdentityOptions): IdentityVerifier => {
  const client = new OAuth2Client();
  const published = async (): Promise<Keys> => {
    const { certs } = await client.getFederatedSignonCertsAsync();
    return Object.fromEntries(Object.entries(certs).map(([id, pem]) => [id, String(pem)]));
  };
  const current = async (): Promise<Keys> => {
    try {
      return await (keys ?? published)();
    } catch (thrown) {
      throw new Transient(`the keys that identities are signed with cannot be read: ${sentenceOf(thrown)}`);
    }
  };
  return {
    verify: async (idToken) => {
      const certs = await current();
      const ticket = await client
        .verifySignedJwtWithCertsAsync(idToken, { ...certs }, [...audience], ISSUERS, MOST_LIFE)
        .catch((thrown: unknown) => {
          throw new Malformed(`the ID token is not accepted: ${reasonOf(thrown)}; sign in again`);
        });
      const { email, email_verified: isVerified } = ticket.getPayload() ?? {};
      if (email === undefined || isVerified !== true)
        throw new Malformed('the ID token is not accepted: it names no verified email address');
      return { email: email.toLowerCase() };
    },
  };
};
