import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type ClusterRef, clusterName } from '../shared/model/target.ts';
import { ended, listening } from './listening.ts';
import { bodyOf, tokenOf } from './request.ts';
import type { KubeCluster } from './world/kubernetes/cluster.ts';
import { badRequest, failure, Refusal } from './world/kubernetes/refusal.ts';
import type { ApiResponse } from './world/kubernetes/requests.ts';

const BODY_LIMIT = 3 * 1024 * 1024;

export type KubernetesServer = {
  /** Address of the server, which is also the endpoint of the container API. */
  url: string;
  /** Address of a cluster's API server. */
  serverOf(ref: ClusterRef): string;
  stop(): Promise<void>;
};

type Options = {
  clusters: ReadonlyMap<string, KubeCluster>;
  /** The identity behind a bearer token; undefined: nobody. Default: the token itself is the identity's name. */
  identityOf?: (token: string | undefined) => string | undefined;
};

const tooLarge = (): Refusal => badRequest('the request body is larger than 3 MiB');

const parsed = (text: string): unknown => {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('the request body is not JSON');
  }
};

const send = (response: ServerResponse, answer: ApiResponse): void => {
  const text = typeof answer.body === 'string';
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-type': text ? 'text/plain; charset=utf-8' : 'application/json',
  });
  response.end(text ? answer.body : JSON.stringify(answer.body));
};

/** An error in the form of Google's own APIs. */
const googleError = (code: number, status: string, message: string): ApiResponse => ({
  status: code,
  headers: {},
  body: { error: { code, message, status } },
});

const describe = (clusters: Options['clusters'], identity: string | undefined, path: string): ApiResponse => {
  if (identity === undefined) {
    return googleError(401, 'UNAUTHENTICATED', 'Request is missing required authentication credential.');
  }
  const named = /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/clusters\/([^/]+)$/.exec(path);
  const cluster = clusters.get(named === null ? '' : `${named[1]}/${named[2]}/${named[3]}`);
  if (cluster === undefined) return googleError(404, 'NOT_FOUND', `Not found: ${path.slice(4)}.`);
  return { status: 200, headers: {}, body: cluster.described };
};

/**
 * A real API server keeps an idle connection open this long, in ms. Node.js would close it after 5 s, even if a request
 * begins just then.
 */
const IDLE_MS = 90_000;

/**
 * Serves the simulated clusters over HTTP to the real client. One server holds the API server of each cluster below
 * `/clusters/PROJECT/LOCATION/CLUSTER`, and the container API's description of each cluster below `/v1`.
 */
export const startKubernetesServer = async (options: Options): Promise<KubernetesServer> => {
  const { clusters, identityOf = (token) => token } = options;
  const answerTo = async (request: IncomingMessage): Promise<ApiResponse> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/v1/')) return describe(clusters, identityOf(tokenOf(request)), url.pathname);
    const [, prefix, project, location, name, ...rest] = url.pathname.split('/');
    const cluster = prefix === 'clusters' ? clusters.get(`${project}/${location}/${name}`) : undefined;
    if (cluster === undefined) return { status: 404, headers: {}, body: '404 page not found\n' };
    const contentType = request.headers['content-type'];
    try {
      const body = parsed(await bodyOf(request, BODY_LIMIT, tooLarge));
      return cluster.handle(identityOf(tokenOf(request)), {
        method: request.method ?? 'GET',
        path: `/${rest.join('/')}`,
        query: Object.fromEntries(url.searchParams),
        ...(contentType === undefined ? {} : { contentType }),
        ...(body === undefined ? {} : { body }),
      });
    } catch (thrown) {
      const refused =
        thrown instanceof Refusal
          ? thrown
          : failure(500, 'InternalError', `Internal error occurred: ${String(thrown)}`);
      return { status: refused.status, headers: {}, body: refused.body };
    }
  };
  const server = createServer({ keepAliveTimeout: IDLE_MS }, (request, response) => {
    answerTo(request).then((answer) => {
      if (answer.dropped === 'lost-reply') request.socket.destroy();
      else if (answer.dropped === undefined) send(response, answer);
    });
  });
  const url = `http://127.0.0.1:${await listening(server)}`;
  return {
    url,
    serverOf: (ref) => `${url}/clusters/${clusterName(ref)}`,
    stop: () => ended(server),
  };
};
