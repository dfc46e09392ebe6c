/** A request to a service, as the stand-in sees it. */
export type Asked = { service: string; method: string; path: string; query: Record<string, string>; body: unknown };
export type Answer = { status: number; body: unknown };

export const error = (code: number, status: string, message: string): Answer => ({
  status: code,
  body: { error: { code, status, message } },
});
export const NOT_FOUND = error(404, 'NOT_FOUND', 'Requested entity was not found.');
export const found = (body: unknown): Answer => (body === undefined ? NOT_FOUND : { status: 200, body });

/** Small pages, so that a reader of only the first page fails its test. */
const PAGE = 4;

export const page = (field: string, all: readonly unknown[], { query }: Asked): Answer => {
  const from = Number(query.pageToken ?? 0);
  if (!Number.isInteger(from) || from > all.length) return error(400, 'INVALID_ARGUMENT', 'page token is invalid');
  const next = from + PAGE < all.length ? { nextPageToken: String(from + PAGE) } : {};
  return found({ [field]: all.slice(from, from + PAGE), ...next });
};
