import { request as plainRequest, type RequestOptions } from 'node:http';
import { type Agent, request as tlsRequest } from 'node:https';

/** One request, as it goes out. */
export type HttpCall = {
  url: string;
  method: string;
  headers: RequestOptions['headers'];
  body?: string | undefined;
  /** Whose connections an https request goes over; default those that Node.js keeps for all. */
  agent?: Agent;
  /** Ends it, with its reason. */
  signal: AbortSignal;
};

/** What came back, of any status: a redirect is not followed, since it would take the token along. */
export type HttpAnswer = { status: number; retryAfter: string | undefined; text: string };

/** Of several addresses that it tried in vain Node.js says no more than a code. */
const said = (thrown: Error): Error =>
  thrown.message === '' && 'code' in thrown ? new Error(String(thrown.code), { cause: thrown }) : thrown;

/**
 * Sends one request by what a function has loaded anyway: the `fetch` of Node.js is a client of its own, and loading that takes
 * longer than such a call. Rejects unless the whole answer came.
 */
export const httpCall = ({ url, method, headers, body, agent, signal }: HttpCall): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const failed = (thrown: Error): void => reject(signal.aborted ? signal.reason : said(thrown));
    const options = { method, ...(headers === undefined ? {} : { headers }), signal };
    const sent = url.startsWith('https:')
      ? tlsRequest(url, { ...options, ...(agent === undefined ? {} : { agent }) })
      : plainRequest(url, options);
    sent.on('error', failed);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', failed);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    // For some methods Node.js does not say it by itself.
    if (body !== undefined) sent.setHeader('content-length', Buffer.byteLength(body));
    sent.end(body);
  });
