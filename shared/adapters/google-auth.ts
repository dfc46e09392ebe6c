import { GoogleAuth, OAuth2Client } from 'google-auth-library';

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

/** Access tokens of the identity that the process runs under; the library keeps each until it expires. */
export const tokensOfIdentity = (): (() => Promise<string>) => {
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
  return async () => (await auth.getAccessToken()) ?? '';
};
