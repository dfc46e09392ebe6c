/**
 * Whether a receiver of spans is Google's own, which takes an access token and checks a permission. Only over HTTPS:
 * over plain HTTP others could read the token. `local.wanted.traces` in terraform/roles.tf says the same.
 */
export const isGoogleReceiver = (endpoint: string): boolean => {
  const { protocol, port, hostname } = new URL(endpoint);
  return protocol === 'https:' && port === '' && hostname.endsWith('.googleapis.com');
};
