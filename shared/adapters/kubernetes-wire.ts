/** One request to an API server. `path` is made of checked names; `body` goes out as JSON. */
export type WireRequest = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string>;
  contentType?: string;
  body?: unknown;
  /** `text` for logs: the answer is not read as JSON. */
  accept?: 'json' | 'text';
};

/** What came back: any status, the body read as JSON where it is JSON, else as text. */
export type WireAnswer = { status: number; body: unknown; retryAfterMs?: number };

/**
 * Carries one request to one cluster. Answers of every status are given back; what never got an answer (network,
 * 20 s timeout, no token) is thrown as Transient or Denied.
 */
export type Wire = (request: WireRequest) => Promise<WireAnswer>;
