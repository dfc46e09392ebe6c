import type { Request, Response } from '@google-cloud/functions-framework';
import type { Asked, Reply } from '../console/http.ts';

/** The query of an address; one that cannot be read is none. */
const queryOf = (url: string): URLSearchParams => {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
};

/** A form as its fields were sent; any other body is none. */
const formOf = (request: Request): unknown =>
  request.is('application/x-www-form-urlencoded') === false ? undefined : { ...request.body };

/** Answers a request of functions-framework, at once or line by line until the other side has gone. */
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
  // Whoever has gone while we made up our answer is not told of again.
  if (response.destroyed) gone.abort();
  response.flushHeaders();
  await reply.stream((text) => void response.write(text), gone.signal);
  response.end();
};
