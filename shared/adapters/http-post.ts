import { sentenceOf, Transient } from '../errors.ts';
import type { HttpPost } from '../ports.ts';
import { plain } from '../text.ts';

const TIMEOUT_MS = 10_000;
/**
 * How much of an answer is read. Slack repeats the whole message in its answer, at up to six bytes a letter: of one that
 * is cut, nobody could tell that it was posted, and it would be posted again and again.
 */
const MAX_BYTES = 1024 * 1024;

const textOf = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // An endless or huge answer must not hold up a notice.
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= MAX_BYTES) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MAX_BYTES));
};

/** The underlying cause, since `fetch` itself only says that it failed. */
const causeOf = (thrown: unknown): string => {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return sentenceOf(cause ?? thrown);
};

/** HttpPost with `fetch`; `timeoutMs` bounds the whole call, including the answer's body. */
export const makeHttpPost =
  ({ timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {}): HttpPost =>
  async ({ url, headers, body }) => {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after') ?? undefined,
        body: await textOf(response),
      };
    } catch (thrown) {
      // Only the origin: the rest of the URL may be a secret.
      throw new Transient(`${new URL(url).origin} gave no answer: ${plain(causeOf(thrown), 200)}`);
    }
  };
