import { Readable } from 'node:stream';
import type { GoogleAuth } from 'google-auth-library';
import { z } from 'zod';
import { jsonOf } from '../json.ts';
import { within } from './deadline.ts';
import { httpCall } from './http-call.ts';

const failure = z.looseObject({ error: z.looseObject({ code: z.number() }) });
type Failure = z.infer<typeof failure>;

/** The error that an answer is, or ends in: one that comes in parts is a success by its status before the last of them is made. */
const failureIn = (text: string): Failure | undefined => {
  // In the texts of documents quotes are escaped, so that few answers are read twice.
  if (!text.includes('"error"')) return undefined;
  const read = jsonOf(text);
  const parts: unknown[] = Array.isArray(read) ? read : [read];
  return parts.map((part) => failure.safeParse(part).data).find((found) => found !== undefined);
};

/** An error that does not say what it is comes from something before the service: it passes. */
const nameless = (status: number): Failure => ({
  error: { code: 503, status: 'UNAVAILABLE', message: `HTTP status ${status} without an error of the service` },
});

/** A call as google-gax makes it over HTTP. */
type Call = { method?: string; headers?: Headers; body?: string; signal?: AbortSignal };

/**
 * An identity, as clients of Google's over HTTP take one, which sends by `httpCall`: half of what a call costs by the library's
 * own. Each is over after `timeoutMs`, and its answer is there as a whole: by itself the library sets no time for one that comes
 * in parts, and takes the part that is an error for an empty one, so that a listing that broke off looks like a short one.
 */
export const answeringWhole = (auth: GoogleAuth, timeoutMs: number) => ({
  getClient: () => auth.getClient(),
  fetch: (url: string, { method = 'GET', headers: given, body: sent, signal: ended }: Call = {}) =>
    within(timeoutMs, async (late) => {
      const identity = await auth.getRequestHeaders(url);
      const headers = Object.fromEntries([...(given ?? []), ...identity]);
      const signal = AbortSignal.any([late, ...(ended === undefined ? [] : [ended])]);
      const { status, text } = await httpCall({ url, method, headers, body: sent, signal });
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
