/** One request to an API server. `path` is made of checked names; `body` is sent as JSON. */
export type WireRequest = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string>;
  contentType?: string;
  body?: unknown;
  /** `text` for logs: the answer is not read as JSON. */
  accept?: 'json' | 'text';
  /** The most bytes that are read of a success; the rest is cut off. */
  maxBytes?: number;
};

/**
 * The answer, whatever its status. The body is read as JSON if it is JSON, else as text. `cut`: it was longer than
 * `maxBytes`.
 */
export type WireAnswer = { status: number; body: unknown; retryAfterMs?: number; cut?: true };

/**
 * Carries one request to one cluster. Resolves with an answer of any status. A request without an answer (network
 * error, 20 s timeout, no token) throws Transient or Denied.
 */
export type Wire = (request: WireRequest) => Promise<WireAnswer>;
