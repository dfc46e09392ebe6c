import { type AuthClient, GoogleAuth, OAuth2Client } from 'google-auth-library';
import type { Tokens } from './tokens.ts';

/** A client with a fixed access token, for a service that stands in for Google's. */
export const clientOfToken = (token: string): OAuth2Client => {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: token });
  return client;
};

/** Client library options for a service at `endpoint` that stands in for Google's, and for its access token. */
export const standIn = (endpoint: string, token: string) => {
  const { protocol, hostname, port } = new URL(endpoint);
  return {
    apiEndpoint: hostname,
    port: Number(port),
    protocol: protocol.replace(':', ''),
    authClient: clientOfToken(token),
  };
};

/**
 * Has the library get a new token at the next call, unless it has got one in place of `refused` already. A fixed token,
 * which has no end, stays.
 */
export const expire = async (auth: GoogleAuth<AuthClient>, refused: string): Promise<void> => {
  const client = await auth.getClient();
  const { access_token: known, expiry_date: end } = client.credentials;
  if (known === refused && typeof end === 'number') client.setCredentials({ ...client.credentials, expiry_date: 1 });
};

/** Access tokens of the identity that the process runs under; the library keeps each until it expires. */
export const tokensOfIdentity = (
  auth: GoogleAuth<AuthClient> = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' }),
): Tokens => {
  return async (refused) => {
    if (refused !== undefined) await expire(auth, refused);
    return (await auth.getAccessToken()) ?? '';
  };
};
