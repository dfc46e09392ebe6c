import type { Request, Response } from '@google-cloud/functions-framework';
import type { Asked, Reply } from '../console/http.ts';

/** The query parameters of a URL; none if it has no query. */
const queryOf = (url: string): URLSearchParams => {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
};

/** The fields of a form as they were sent; undefined for any other body. */
const formOf = (request: Request): unknown =>
  request.is('application/x-www-form-urlencoded') === false ? undefined : { ...request.body };

/** Answers a request of functions-framework: at once, or line by line until the client disconnects. */
export const respond = async (
  answer: (asked: Asked) => Promise<Reply>,
  request: Request,
  response: Response,
): Promise<void> => {
  const reply = await answer({
    method: request.method,
    path: request.path,
    query: queryOf(request.url),
    headers: request.headers,
    form: formOf(request),
    remote: request.socket.remoteAddress,
  });
  response.status(reply.status).set(reply.headers);
  if ('body' in reply) {
    response.end(request.method === 'HEAD' ? undefined : reply.body);
    return;
  }
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  // A client that left while the answer was being made emits no further `close`.
  if (response.destroyed) gone.abort();
  response.flushHeaders();
  await reply.stream((text) => void response.write(text), gone.signal);
  response.end();
};
