import { invalid } from './fault.ts';

/**
 * A page of a listing that starts at `pageToken`, with at most `maxResults` items and at most `limit`, the world's own
 * limit.
 */
export const pageOf = <T>(
  items: readonly T[],
  limit: number,
  { maxResults, pageToken }: { maxResults?: number; pageToken?: string },
): { items: T[]; nextPageToken?: string } => {
  const asked = maxResults ?? 500;
  if (asked < 1 || asked > 500) throw invalid('maxResults', String(asked), 'Must be from 1 to 500.');
  const size = Math.min(asked, limit);
  const from = pageToken === undefined ? 0 : Number(Buffer.from(pageToken, 'base64url').toString());
  if (!Number.isInteger(from) || from < 0) throw invalid('pageToken', pageToken ?? '', 'Not a page token.');
  const next = from + size;
  return {
    items: items.slice(from, next),
    ...(next < items.length ? { nextPageToken: Buffer.from(String(next)).toString('base64url') } : {}),
  };
};

/** The answer to a listing: a page of those resources of a project that pass the filter. */
export const listingOf = <T>(
  kind: string,
  byUrl: ReadonlyMap<string, T>,
  limit: number,
  { project, filter, ...page }: { project: string; filter?: string; maxResults?: number; pageToken?: string },
) => {
  const found = [...byUrl].flatMap(([url, each]) =>
    url.startsWith(`projects/${project}/`) && passes(each, filter) ? [each] : [],
  );
  return { kind, ...pageOf(found, limit, page) };
};

const TERM = /^\(?([a-zA-Z][\w.-]*)\s*(=|!=|:)\s*("[^"]*"|[^\s()"]+)\)?$/;

const valueAt = (resource: unknown, path: string): unknown => {
  const [first, ...rest] = path.split('.');
  if (first === undefined || typeof resource !== 'object' || resource === null) return undefined;
  const value: unknown = Object.entries(resource).find(([key]) => key === first)?.[1];
  return rest.length === 0 ? value : valueAt(value, rest.join('.'));
};

/**
 * Whether a resource passes a filter. Of the real grammar, only `field = value`, `!=` and `field:*` are read, joined by
 * AND or by OR, of which AND binds closer.
 */
const passes = (resource: unknown, filter: string | undefined): boolean => {
  const holds = (term: string): boolean => {
    const [, path, operator, quoted] = TERM.exec(term.trim()) ?? [];
    if (path === undefined || quoted === undefined)
      throw invalid('filter', filter ?? '', 'Invalid list filter expression.');
    const value = valueAt(resource, path);
    const wanted = quoted.replace(/^"|"$/g, '');
    if (operator === ':') return wanted === '*' ? value !== undefined : String(value ?? '').includes(wanted);
    return (String(value ?? '') === wanted) === (operator === '=');
  };
  if (filter === undefined || filter === '') return true;
  const either = filter.split(/\s+OR\s+/).map((all) => all.split(/\s+AND\s+|(?<=\))\s+(?=\()/).map(holds));
  return either.some((all) => all.every(Boolean));
};
