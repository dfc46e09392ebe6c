import { OAuth2Client } from 'google-auth-library';
import type { IdentityVerifier } from '../ports.ts';
import { type Keys, keysInTime, makeTokenVerifier } from './identity-token.ts';

export type GoogleIdentityOptions = {
  /** The accepted audiences: a token must be for one of them. */
  audience: readonly string[];
  /** Gives the keys. Default: the keys that Google publishes, cached as long as Google allows. */
  keys?: () => Promise<Keys>;
};

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** The longest accepted lifetime of a token, in seconds. */
const MOST_LIFE = 2 * 60 * 60;

/** Verifies Google ID tokens: signature, issuer, audience, lifetime, and an email address that Google has verified. */
export const makeGoogleIdentity = ({ audience, keys }: GoogleIdentityOptions): IdentityVerifier => {
  const client = new OAuth2Client();
  const published = async (): Promise<Keys> => {
    const { certs } = await client.getFederatedSignonCertsAsync();
    return Object.fromEntries(Object.entries(certs).map(([id, pem]) => [id, String(pem)]));
  };
  return makeTokenVerifier({
    audience,
    issuers: ISSUERS,
    algorithm: 'RS256',
    mostLife: MOST_LIFE,
    keys: () => keysInTime(keys ?? published),
    emailOf: ({ email, email_verified: isVerified }) => (isVerified === true ? email : undefined),
  });
};
