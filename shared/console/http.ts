import type { IncomingHttpHeaders } from 'node:http';

/** An HTTP request of a browser, as far as the console reads it. */
export type Asked = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The fields of a form, as they were sent. */
  form: unknown;
  /** The address of the peer of the connection, which may be a proxy. */
  remote: string | undefined;
};

/** An answer: a whole body, or a stream of lines until `signal` says that nobody listens any more. */
export type Reply = { status: number; headers: Record<string, string> } & (
  | { body: string }
  | { stream: (write: (text: string) => void, signal: AbortSignal) => Promise<void> }
);

/** A header's value; undefined if the header came more than once, since nobody can say which one was meant. */
export const headerOf = ({ headers }: Pick<Asked, 'headers'>, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** A cookie's value; undefined unless exactly one cookie of this name was sent. */
export const cookieOf = (asked: Pick<Asked, 'headers'>, name: string): string | undefined => {
  const found = (headerOf(asked, 'cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined;
};
