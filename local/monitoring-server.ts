import { createServer, type IncomingMessage } from 'node:http';
import { ended, listening } from './listening.ts';
import { tokenOf } from './request.ts';
import { sendJson } from './send-json.ts';
import { readRequest, wrongAnswer } from './world/monitoring/definitions.ts';
import { listTimeSeries } from './world/monitoring/list.ts';
import { MonitoringRefusal, refusalBody } from './world/monitoring/refusal.ts';
import type { MonitoringWorld } from './world/monitoring/world.ts';

/** A running server on 127.0.0.1; `close` ends its connections and resolves when the server has stopped. */
type MonitoringServer = { url: string; port: number; close(): Promise<void> };

type Options = {
  world: MonitoringWorld;
  now(): number;
  /** The identity behind a bearer token; undefined: nobody. Default: the token itself is the identity's name. */
  identityOf?: (token: string | undefined) => string | undefined;
};

const LIST = /^\/v3\/(projects\/[^/]+)\/timeSeries$/;

const answerTo = ({ world, now, identityOf = (token) => token }: Options, request: IncomingMessage): unknown => {
  const url = new URL(request.url ?? '/', 'http://monitoring');
  const name = LIST.exec(decodeURIComponent(url.pathname))?.[1];
  if (request.method !== 'GET' || name === undefined)
    throw new MonitoringRefusal(404, 'NOT_FOUND', 'The requested URL was not found on this server.');
  const identity = identityOf(tokenOf(request));
  if (identity === undefined)
    throw new MonitoringRefusal(401, 'UNAUTHENTICATED', 'Request is missing required authentication credential.');
  if (!world.readers.has(identity))
    throw new MonitoringRefusal(
      403,
      'PERMISSION_DENIED',
      'Permission monitoring.timeSeries.list denied (or the resource may not exist).',
    );
  const answer = listTimeSeries(world, readRequest(name, url.searchParams), now());
  const wrong = wrongAnswer(answer);
  if (wrong !== undefined) throw new Error(`the simulated timeSeries.list answered outside the definition: ${wrong}`);
  return answer;
};

/** Serves the simulated Cloud Monitoring over HTTP to the real client library. */
export const startMonitoringServer = async (options: Options): Promise<MonitoringServer> => {
  const server = createServer((request, response) => {
    request.resume();
    try {
      sendJson(response, 200, answerTo(options, request));
    } catch (thrown) {
      const refused =
        thrown instanceof MonitoringRefusal ? thrown : new MonitoringRefusal(500, 'INTERNAL', String(thrown));
      sendJson(response, refused.code, refusalBody(refused));
    }
  });
  const port = await listening(server);
  return { url: `http://127.0.0.1:${port}`, port, close: () => ended(server) };
};
