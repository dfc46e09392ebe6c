import { z } from 'zod';
import { Transient } from '../errors.ts';

/** One page of an answer of `entries:list`. */
export const logPage = z.looseObject({
  entries: z.array(z.unknown()).nullish(),
  nextPageToken: z.string().nullish(),
});
type LogPage = z.infer<typeof logPage>;

/** A page may be empty or short while the service is still searching. */
const MAX_PAGES = 10;

/**
 * At least `limit` log entries, or as many as there are. `ask` gets the token of a page, undefined for the first one.
 *
 * @throws Transient if the service has found nothing yet after ten pages: the reader must not take that for an empty
 * log.
 */
export const readLogPages = async (
  where: string,
  limit: number,
  ask: (pageToken: string | undefined) => Promise<LogPage | undefined>,
): Promise<unknown[]> => {
  const found: unknown[] = [];
  let pageToken: string | undefined;
  for (let pages = 0; pages < MAX_PAGES && found.length < limit; pages += 1) {
    const page = await ask(pageToken);
    found.push(...(page?.entries ?? []));
    pageToken = page?.nextPageToken || undefined;
    if (pageToken === undefined) return found;
  }
  if (found.length === 0) throw new Transient(`${where}: nothing found yet, and the search goes on`);
  return found;
};
