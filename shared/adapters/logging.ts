import { z } from 'zod';
import { Denied, Malformed, sentenceOf, Transient } from '../errors.ts';
import type { LogReader } from '../ports.ts';
import { plain, quote } from '../text.ts';
import { within } from './deadline.ts';
import { logPage, readLogPages } from './log-pages.ts';
import { authorized, type Tokens } from './tokens.ts';

const LOGGING = 'https://logging.googleapis.com';
const TIMEOUT_MS = 20_000;
const PAGE_SIZE = 100;

export type LogReaderOptions = {
  /** An access token of the function's identity. Called for every request, so it should cache the token itself. */
  token: Tokens;
  /** Endpoint of the logging API, if it is not Google's: the simulated one. */
  endpoint?: string;
  /** Whole milliseconds that one call may take; default 20 s. */
  timeoutMs?: number;
};

const refusal = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/**
 * Reads logs with the REST API of Cloud Logging. Its entries are exactly what the Log Router exports; the client
 * library changes their form (docs/decisions/logging.md).
 *
 * @throws Malformed for a filter that the service cannot read, Denied on 401 and 403, Transient on anything else, also
 * if the service has found nothing yet after ten pages: the reader must not take that for an empty log.
 */
export const makeLogReader = (options: LogReaderOptions): LogReader => {
  const origin = options.endpoint ?? LOGGING;

  const ask = (body: Record<string, unknown>): Promise<{ status: number; json: unknown }> =>
    within(options.timeoutMs ?? TIMEOUT_MS, async (signal) => {
      const response = await authorized(options.token, (token) =>
        fetch(`${origin}/v2/entries:list`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal,
        }),
      );
      return { status: response.status, json: await response.json().catch(() => undefined) };
    });

  const pageOf = async (body: Record<string, unknown>, where: string): Promise<z.infer<typeof logPage>> => {
    const { status, json } = await ask(body).catch((thrown: unknown) => {
      throw new Transient(`${where}: no answer (${plain(sentenceOf(thrown), 200)})`);
    });
    const said = refusal.safeParse(json).data?.error.message;
    const why = said === undefined ? '' : `: ${quote(said, 300)}`;
    if (status === 400) throw new Malformed(`${where}: the filter cannot be read${why}`);
    if (status === 401 || status === 403) throw new Denied(`${where}: refused (${status})${why}`);
    if (status !== 200) throw new Transient(`${where}: answered ${status}${why}`);
    const read = logPage.safeParse(json);
    if (!read.success) throw new Transient(`${where}: answered what is no list of entries`);
    return read.data;
  };

  return {
    entries: async ({ project, filter, limit }) => {
      // The same for every page: the token of a page is only good for the request that it came from.
      const pageSize = Math.min(PAGE_SIZE, limit);
      const query = { resourceNames: [`projects/${project}`], filter, orderBy: 'timestamp asc', pageSize };
      const where = `reading the logs of ${project}`;
      const found = await readLogPages(where, limit, (pageToken) => pageOf({ ...query, pageToken }, where));
      return found.slice(0, limit);
    },
  };
};
