import { OAuth2Client } from 'google-auth-library';
import type { IdentityVerifier } from '../ports.ts';
import { type Keys, makeTokenVerifier } from './identity-token.ts';

export type GoogleIdentityOptions = {
  /** The audiences of which a token must be for one. */
  audience: readonly string[];
  /** Where the keys come from; Google's published ones, kept as long as they say, unless given. */
  keys?: () => Promise<Keys>;
};

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** No token that we accept lives longer, in seconds. */
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
    keys: keys ?? published,
    emailOf: ({ email, email_verified: isVerified }) => (isVerified === true ? email : undefined),
  });
};
