import * as http from 'node:http';
import { Malformed } from '../shared/errors.ts';
import { firstSet } from './arguments.ts';
import type { Io } from './io.ts';

/**
 * Sends the https calls of this process through the proxy that HTTPS_PROXY names, as gcloud and kubectl do. The client
 * libraries read these variables themselves. Returns what undoes it.
 *
 * @throws Malformed where the variable names no proxy, without its text: there may be a password in it.
 */
export const throughProxy = ({ env }: Pick<Io, 'env'>): (() => void) => {
  const proxy = firstSet(env.HTTPS_PROXY, env.https_proxy);
  if (proxy === undefined) return () => {};
  if (!/^https?:$/.test(URL.parse(proxy)?.protocol ?? ''))
    throw new Malformed(
      'HTTPS_PROXY is not the URL of a proxy, such as http://proxy.example.com:3128: correct or unset it.',
    );
  const names = firstSet(env.NO_PROXY, env.no_proxy);
  // Node.js has this since 24.14. Without it, calls go out directly.
  return (
    http.setGlobalProxyFromEnv?.({ HTTPS_PROXY: proxy, ...(names === undefined ? {} : { NO_PROXY: names }) }) ??
    (() => {})
  );
};
