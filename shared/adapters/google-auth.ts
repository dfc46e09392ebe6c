import { GoogleAuth, OAuth2Client } from 'google-auth-library';

/** A client whose token is given and does not change, for a service that stands in for Google's. */
export const clientOfToken = (token: string): OAuth2Client => {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: token });
  return client;
};

/** Where a service answers that stands in for Google's, and the token for it, as the client libraries take them. */
export const standIn = (endpoint: string, token: string) => {
  const { protocol, hostname, port } = new URL(endpoint);
  return {
    apiEndpoint: hostname,
    port: Number(port),
    protocol: protocol.replace(':', ''),
    authClient: clientOfToken(token),
  };
};

/** Access tokens of the identity the process runs as; the library keeps one until it expires. */
export const tokensOfIdentity = (): (() => Promise<string>) => {
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
  return async () => (await auth.getAccessToken()) ?? '';
};
