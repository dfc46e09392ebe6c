import https, { Agent, type RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { Malformed, sentenceOf, Transient } from '../errors.ts';
import { plain } from '../text.ts';
import { within } from './deadline.ts';
import { httpCall } from './http-call.ts';
import type { Wire, WireAnswer, WireRequest } from './kubernetes-wire.ts';
import { authorized, type Tokens } from './tokens.ts';

const TIMEOUT_MS = 20_000;
/**
 * Idle time in ms after which a connection is closed here, before the server closes it while a request is on its way.
 */
const IDLE_MS = 4_000;

export type ClientOptions = {
  /** `https://...`; plain http only for a server on this machine. */
  server: string;
  /** The cluster's CA in base64, if its certificate is not a public one. */
  caData?: string;
  /** Called for every request, so that a renewed token is used. */
  token: Tokens;
  /**
   * Whole milliseconds from the start of a call to its answer; default 20 s. The duration of the leases relies on it.
   */
  timeoutMs?: number;
  /** Added to the message of a call that got no answer: what to check. */
  hint?: string;
};

const isOwnMachine = (server: string): boolean =>
  /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/.test(server);

const configOf = (options: ClientOptions): KubeConfig => {
  const { server, caData } = options;
  if (!server.startsWith('https://') && !isOwnMachine(server)) {
    throw new Malformed(`A cluster is reached over https, not over ${plain(server, 100)}.`);
  }
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    // client-node requires skipTLSVerify for http, where there is no certificate to verify.
    { name: server, server, skipTLSVerify: server.startsWith('http://'), ...(caData === undefined ? {} : { caData }) },
    { name: 'firebreak' },
  );
  return config;
};

const retryAfterOf = (retryAfter: string | undefined): { retryAfterMs?: number } => {
  const seconds = Number(retryAfter);
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: 1_000 * seconds } : {};
};

const bodyOf = (text: string, request: WireRequest): unknown => {
  if (request.accept === 'text') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const urlOf = (server: string, { path, query = {} }: WireRequest): string => {
  const asked = new URLSearchParams(query).toString();
  return `${server.replace(/\/$/, '')}${path}${asked === '' ? '' : `?${asked}`}`;
};

const headersOf = (request: WireRequest): Record<string, string> => ({
  Accept: request.accept === 'text' ? 'text/plain, */*' : 'application/json',
  ...(request.body === undefined ? {} : { 'Content-Type': request.contentType ?? 'application/json' }),
});

const causeOf = (thrown: unknown): string =>
  thrown instanceof Error && thrown.name === 'TimeoutError' ? 'no answer in time' : sentenceOf(thrown);

/**
 * A wire with the configuration and credentials of @kubernetes/client-node, but without its models, which drop unknown
 * fields, and without its transport, which is slow to load. Throws Transient without an answer within the timeout, and
 * on any network error.
 */
export const makeClientWire = (options: ClientOptions): Wire => {
  const config = configOf(options);
  let agent: Agent | undefined;
  const send = async (request: WireRequest, signal: AbortSignal): Promise<WireAnswer> => {
    const asked: RequestOptions = {};
    await config.applyToHTTPSOptions(asked);
    // client-node makes an agent that keeps no connections; this one keeps them, and uses the proxy of all others.
    agent ??= new Agent({
      ...(asked.ca === undefined ? {} : { ca: asked.ca }),
      proxyEnv: https.globalAgent.options.proxyEnv,
      keepAlive: true,
      timeout: IDLE_MS,
    });
    const call = {
      url: urlOf(options.server, request),
      method: request.method,
      body: request.body === undefined ? undefined : JSON.stringify(request.body),
      agent,
      maxBytes: request.maxBytes,
      signal,
    };
    const { status, retryAfter, text, cut } = await authorized(options.token, (token) =>
      httpCall({ ...call, headers: { ...headersOf(request), Authorization: `Bearer ${token}` } }),
    );
    return { status, body: bodyOf(text, request), ...retryAfterOf(retryAfter), ...(cut ? { cut } : {}) };
  };
  return async (request): Promise<WireAnswer> => {
    try {
      return await within(options.timeoutMs ?? TIMEOUT_MS, (signal) => send(request, signal));
    } catch (thrown) {
      const hint = options.hint === undefined ? '' : ` ${options.hint}`;
      throw new Transient(
        `${request.method} ${request.path} got no answer from the cluster: ${plain(causeOf(thrown), 200)}.${hint}`,
      );
    }
  };
};
