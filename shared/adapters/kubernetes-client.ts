import {
  HttpMethod,
  IsomorphicFetchHttpLibrary,
  KubeConfig,
  RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';
import { Malformed, Transient } from '../errors.ts';
import { plain } from '../text.ts';
import { within } from './deadline.ts';
import type { Wire, WireAnswer, WireRequest } from './kubernetes-wire.ts';

const TIMEOUT_MS = 20_000;
const PROVIDER = 'firebreak';
const METHODS = { GET: HttpMethod.GET, POST: HttpMethod.POST, PATCH: HttpMethod.PATCH, DELETE: HttpMethod.DELETE };

export type ClientOptions = {
  /** `https://...`; plain http only to this machine itself. */
  server: string;
  /** The cluster's CA in base64, where its certificate is not a public one. */
  caData?: string;
  /** Called for every request, so that a token that is renewed is used. */
  token(): Promise<string>;
  /** Whole milliseconds from the start of a call to its answer; default 20 s, on which the leases count. */
  timeoutMs?: number;
  /** Said after a call that got no answer: what to look at. */
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
  config.addAuthenticator({
    isAuthProvider: (user) => user.authProvider?.name === PROVIDER,
    applyAuthentication: async (_user, request) => {
      request.headers = { ...request.headers, Authorization: `Bearer ${await options.token()}` };
    },
  });
  config.loadFromClusterAndUser(
    // client-node wants skipTLSVerify said for http; there is no certificate to verify there.
    { name: server, server, skipTLSVerify: server.startsWith('http://'), ...(caData === undefined ? {} : { caData }) },
    { name: PROVIDER, authProvider: { name: PROVIDER, config: {} } },
  );
  return config;
};

const retryAfterOf = (response: ResponseContext): { retryAfterMs?: number } => {
  const seconds = Number(response.headers['retry-after']);
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

const contextOf = (server: string, request: WireRequest, signal: AbortSignal): RequestContext => {
  const context = new RequestContext(`${server.replace(/\/$/, '')}${request.path}`, METHODS[request.method]);
  for (const [name, value] of Object.entries(request.query ?? {})) context.setQueryParam(name, value);
  context.setHeaderParam('Accept', request.accept === 'text' ? 'text/plain, */*' : 'application/json');
  if (request.body !== undefined) {
    context.setHeaderParam('Content-Type', request.contentType ?? 'application/json');
    context.setBody(JSON.stringify(request.body));
  }
  context.setSignal(signal);
  return context;
};

const causeOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `${thrown.name === 'TimeoutError' ? 'no answer in time' : thrown.message}${code}`;
};

/**
 * A wire over @kubernetes/client-node: its configuration, credentials and HTTP transport, but not its models, which
 * lose what they do not know. No answer within the timeout, and any trouble of the network: Transient.
 */
export const makeClientWire = (options: ClientOptions): Wire => {
  const config = configOf(options);
  const http = new IsomorphicFetchHttpLibrary();
  let dispatcher: ReturnType<RequestContext['getDispatcher']>;
  const send = async (request: WireRequest, signal: AbortSignal): Promise<WireAnswer> => {
    const context = contextOf(options.server, request, signal);
    await config.applySecurityAuthentication(context);
    // client-node makes a connection pool per request where a CA is set: keep the first, so that connections last.
    dispatcher ??= context.getDispatcher();
    if (dispatcher !== undefined) context.setDispatcher(dispatcher);
    const response = await http.send(context).toPromise();
    const text = await response.body.text();
    return { status: response.httpStatusCode, body: bodyOf(text, request), ...retryAfterOf(response) };
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
