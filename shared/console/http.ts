import type { IncomingHttpHeaders } from 'node:http';

/** A request of a browser, as far as the console looks at it. */
export type Asked = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The fields of a form, as they were sent. */
  form: unknown;
  /** The address of whoever is connected, which may be a proxy. */
  remote: string | undefined;
};

/** What is answered: a body at once, or lines one after the other until `signal` says that nobody listens any more. */
export type Reply = { status: number; headers: Record<string, string> } & (
  | { body: string }
  | { stream: (write: (text: string) => void, signal: AbortSignal) => Promise<void> }
);

/** A header's value; one that came more than once is none, since nobody can say which was meant. */
export const headerOf = ({ headers }: Pick<Asked, 'headers'>, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** A cookie's value, where exactly one of the name was sent. */
export const cookieOf = (asked: Pick<Asked, 'headers'>, name: string): string | undefined => {
  const found = (headerOf(asked, 'cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined;
};
