import { request as plainRequest, type RequestOptions } from 'node:http';
import { type Agent, request as tlsRequest } from 'node:https';

/** One HTTP request. */
export type HttpCall = {
  url: string;
  method: string;
  headers: RequestOptions['headers'];
  body?: string | undefined;
  /** The agent whose connections an https request uses; default: the global agent of Node.js. */
  agent?: Agent;
  /** The most bytes that are read of a success; the rest is cut off. */
  maxBytes?: number | undefined;
  /** Aborts the request; the request then rejects with the signal's reason. */
  signal: AbortSignal;
};

/**
 * The answer, whatever its status. A redirect is not followed, since the token would be sent along. `cut`: it was longer
 * than `maxBytes`.
 */
export type HttpAnswer = { status: number; retryAfter: string | undefined; text: string; cut: boolean };

/**
 * After trying several addresses in vain, Node.js throws an error with a code but no message: this gives the code as
 * message.
 */
const said = (thrown: Error): Error =>
  thrown.message === '' && 'code' in thrown ? new Error(String(thrown.code), { cause: thrown }) : thrown;

/**
 * Sends one request with the modules that a function has loaded anyway. The `fetch` of Node.js is a separate client
 * that takes longer to load than such a call takes. Rejects unless the whole answer has arrived, up to `maxBytes`.
 */
export const httpCall = ({ url, method, headers, body, agent, maxBytes, signal }: HttpCall): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const failed = (thrown: Error): void => reject(signal.aborted ? signal.reason : said(thrown));
    const options = { method, ...(headers === undefined ? {} : { headers }), signal };
    const sent = url.startsWith('https:')
      ? tlsRequest(url, { ...options, ...(agent === undefined ? {} : { agent }) })
      : plainRequest(url, options);
    sent.on('error', failed);
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const most = status === 200 && maxBytes !== undefined ? maxBytes : Number.POSITIVE_INFINITY;
      const chunks: Buffer[] = [];
      let size = 0;
      const ended = (): void =>
        resolve({
          status,
          retryAfter: response.headers['retry-after'],
          text: Buffer.concat(chunks).subarray(0, most).toString('utf8'),
          cut: size > most,
        });
      response.on('error', failed);
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size <= most) return;
        ended();
        response.destroy();
      });
      response.on('end', ended);
    });
    // For some methods Node.js does not set this header by itself.
    if (body !== undefined) sent.setHeader('content-length', Buffer.byteLength(body));
    sent.end(body);
  });
