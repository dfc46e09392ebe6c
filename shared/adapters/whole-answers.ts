import { Readable } from 'node:stream';
import type { GoogleAuth } from 'google-auth-library';
import { z } from 'zod';
import { jsonOf } from '../json.ts';
import { within } from './deadline.ts';
import { expire } from './google-auth.ts';
import { httpCall } from './http-call.ts';
import { authorized } from './tokens.ts';

const failure = z.looseObject({ error: z.looseObject({ code: z.number() }) });
type Failure = z.infer<typeof failure>;

/**
 * The error that an answer is, or ends with. An answer in parts has its success status before its last part is made.
 */
const failureIn = (text: string): Failure | undefined => {
  // Quotes are escaped inside the texts of documents, so only few answers are parsed twice.
  if (!text.includes('"error"')) return undefined;
  const read = jsonOf(text);
  const parts: unknown[] = Array.isArray(read) ? read : [read];
  return parts.map((part) => failure.safeParse(part).data).find((found) => found !== undefined);
};

/** An error without the service's own code comes from something in front of the service, and is treated as passing. */
const nameless = (status: number): Failure => ({
  error: { code: 503, status: 'UNAVAILABLE', message: `HTTP status ${status} without an error of the service` },
});

/** A call in the form in which google-gax makes it over HTTP. */
type Call = { method?: string; headers?: Headers; body?: string; signal?: AbortSignal };

/**
 * An identity for Google's HTTP clients that sends requests with `httpCall`, at half the cost of the library's own
 * transport. Each request ends after `timeoutMs` and is read in full. The library itself sets no time limit for an
 * answer in parts, and takes a part that is an error for an empty one, so a listing that broke off would look like a
 * short one.
 */
export const answeringWhole = (auth: GoogleAuth, timeoutMs: number) => ({
  getClient: () => auth.getClient(),
  fetch: (url: string, { method = 'GET', headers: given, body: sent, signal: ended }: Call = {}) =>
    within(timeoutMs, async (late) => {
      const signal = AbortSignal.any([late, ...(ended === undefined ? [] : [ended])]);
      const identity = async (refused?: Headers): Promise<Headers> => {
        if (refused !== undefined) await expire(auth, refused.get('authorization')?.replace(/^Bearer /, '') ?? '');
        return auth.getRequestHeaders(url);
      };
      const { status, text } = await authorized(identity, (under) => {
        const headers = Object.fromEntries([...(given ?? []), ...under]);
        return httpCall({ url, method, headers, body: sent, signal });
      });
      const failed = failureIn(text) ?? (status < 300 ? undefined : nameless(status));
      const body = Buffer.from(failed === undefined ? text : JSON.stringify(failed));
      return {
        status: failed?.error.code ?? status,
        ok: failed === undefined,
        body: Readable.from([body]),
        arrayBuffer: async () => body,
      };
    }),
});
