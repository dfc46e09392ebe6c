import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ended, listening } from './listening.ts';
import { bodyOf, tokenOf } from './request.ts';
import { sendJson } from './send-json.ts';
import { checkMessage } from './world/compute/check-message.ts';
import { type Definitions, loadDefinitions } from './world/compute/definitions.ts';
import { ComputeFault, faultBody } from './world/compute/fault.ts';
import { Lost } from './world/compute/script.ts';
import { transcode } from './world/compute/transcode.ts';
import { type ComputeWorld, METHODS } from './world/compute/world.ts';

/** A running server on 127.0.0.1; `close` ends its connections and resolves when the server has stopped. */
export type ComputeServer = { port: number; url: string; close(): Promise<void> };

/** The most bytes of a request body. Real ones are small; a larger one is refused. */
const MOST_BYTES = 1 << 20;

const tooLarge = (): ComputeFault => new ComputeFault(413, 'uploadTooLarge', 'Request is too large.');

/** Answers an unknown path as the real front end does, which is not in JSON. */
const unknownPath = (response: ServerResponse, path: string): void => {
  response.writeHead(404, { 'content-type': 'text/html; charset=UTF-8' });
  const shown = path.replace(/[^\w/.-]/g, '');
  response.end(`<!DOCTYPE html><title>Error 404 (Not Found)!!1</title><p>The requested URL ${shown} was not found.`);
};

const answer = (
  definitions: Definitions,
  world: ComputeWorld,
  identity: string,
  request: IncomingMessage,
  body: string,
) => {
  const url = new URL(request.url ?? '/', 'http://compute');
  const call = { verb: request.method ?? 'GET', path: url.pathname, query: url.searchParams, body };
  const found = transcode(definitions, call);
  if (found === undefined) return undefined;
  const { name, response } = found.route;
  if (METHODS[name] === undefined) throw new ComputeFault(501, 'notImplemented', `${name} is not simulated.`);
  const reply = world.call(identity, name, found.request);
  const wrong = checkMessage(definitions, response, reply, '');
  if (wrong !== undefined)
    throw new Error(`the simulated ${name} answered outside the definition: ${wrong.path} ${wrong.because}`);
  return reply;
};

/**
 * Node.js closes an idle connection after 5 s, even if a request begins just then; the real service waits for minutes.
 */
const IDLE_MS = 240_000;

/**
 * Serves a simulated Compute Engine over HTTP to the real client library, with the routes, required fields and types of
 * the client's own definitions. `identityOf` gives the caller for a bearer token (default: the token itself); undefined
 * is answered with 401.
 */
export const startComputeServer = async (options: {
  world: ComputeWorld;
  identityOf?: (token: string | undefined) => string | undefined;
}): Promise<ComputeServer> => {
  const { world, identityOf = (token) => token } = options;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const body = await bodyOf(request, MOST_BYTES, tooLarge);
      const identity = identityOf(tokenOf(request));
      if (identity === undefined) throw new ComputeFault(401, 'required', 'Login Required.');
      const reply = answer(loadDefinitions(), world, identity, request, body);
      if (reply === undefined) unknownPath(response, request.url ?? '');
      else sendJson(response, 200, reply);
    } catch (thrown) {
      if (thrown instanceof Lost) request.socket.destroy();
      else if (thrown instanceof ComputeFault) sendJson(response, thrown.status, faultBody(thrown));
      else sendJson(response, 500, faultBody(new ComputeFault(500, 'backendError', String(thrown))));
    }
  };
  const server = createServer({ keepAliveTimeout: IDLE_MS }, (request, response) => void handle(request, response));
  const port = await listening(server);
  return { port, url: `http://127.0.0.1:${port}`, close: () => ended(server) };
};
