import { createServer } from 'node:http';
import { ended, listening } from '../../local/listening.ts';

export type Asked = { path: string; headers: Record<string, string | undefined>; body: string };
export type Answered = { status: number; headers?: Record<string, string>; body: string };

/**
 * The fault of a request. `lost`: the request is handled, but its answer is lost. `down`: the connection is cut before.
 * Otherwise an answer to give instead of the service's own.
 */
export type Fault = 'lost' | 'down' | Answered;

export type HttpService = AsyncDisposable & {
  address: string;
  /** Every request that arrived, including those with faults. */
  asked: Asked[];
  /** Faults of the next requests, in order; `undefined` lets a request through. */
  faults: Array<Fault | undefined>;
};

/** A service on this machine. `handle` answers its requests, except those with a scripted fault. */
export const startHttpService = async (handle: (request: Asked) => Answered): Promise<HttpService> => {
  const asked: Asked[] = [];
  const faults: Array<Fault | undefined> = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const one = { path: `${request.method} ${request.url}`, headers, body: Buffer.concat(chunks).toString('utf8') };
      asked.push(one);
      const fault = faults.shift();
      if (fault === 'down') return request.socket.destroy();
      const answer = typeof fault === 'object' ? fault : handle(one);
      if (fault === 'lost') return request.socket.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body);
      return undefined;
    });
  });
  return {
    address: `http://127.0.0.1:${await listening(server)}`,
    asked,
    faults,
    [Symbol.asyncDispose]: () => ended(server),
  };
};
