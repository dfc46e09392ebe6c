import { createServer, type IncomingMessage } from 'node:http';
import { ended, listening } from '../../../local/listening.ts';
import type { Deployment } from './deployment.ts';
import { type Answer, type Asked, error, NOT_FOUND } from './stand-in-answers.ts';
import { ROUTES } from './stand-in-routes.ts';

export const TOKEN = 'a-token';

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
};

const answerTo = (deployment: Deployment, asked: Asked, authorization: string | undefined): Answer => {
  if (authorization !== `Bearer ${TOKEN}`) return error(401, 'UNAUTHENTICATED', 'Request had invalid credentials.');
  const refused = [...deployment.refused].find(([start]) => `${asked.service} ${asked.path}`.startsWith(start));
  if (refused !== undefined) return error(refused[1], 'REFUSED', `Permission denied on ${asked.path}.`);
  const route = ROUTES.find(({ service, path }) => service === asked.service && path.test(asked.path));
  if (route === undefined) return NOT_FOUND;
  if (route.method !== asked.method) return error(405, 'METHOD_NOT_ALLOWED', 'wrong method');
  const stranger = Object.keys(asked.query).find((key) => !(route.query ?? []).includes(key));
  if (stranger !== undefined) {
    return error(400, 'INVALID_ARGUMENT', `Invalid JSON payload received. Unknown name "${stranger}"`);
  }
  const [, ...parts] = route.path.exec(asked.path) ?? [];
  return route.answer(deployment, asked, ...parts);
};

export type StandIn = { originOf(service: string): string; asked: string[]; stop(): Promise<void> };

/**
 * A stand-in for Google Cloud's services and the clusters' API servers, for one project. It refuses any unknown
 * request.
 */
export const startStandIn = async (deployment: Deployment): Promise<StandIn> => {
  const asked: string[] = [];
  // On a busy machine a connection waits longer than the default for its next request, and would then be reset.
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, service = '', ...rest] = url.pathname.split('/');
    const path = decodeURIComponent(`/${rest.join('/')}`);
    const method = request.method ?? 'GET';
    const query = Object.fromEntries(url.searchParams);
    asked.push(`${method} ${service} ${path}`);
    const one: Asked = { service, method, path, query, body: await bodyOf(request) };
    const { status, body } = answerTo(deployment, one, request.headers.authorization);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const port = await listening(server);
  return {
    originOf: (service) => `http://127.0.0.1:${port}/${service}`,
    asked,
    stop: () => ended(server),
  };
};
