import type { IncomingMessage } from 'node:http';

/** The body of a request as text. Throws what `tooLarge` makes where it has more than so many bytes. */
export const bodyOf = async (request: IncomingMessage, most: number, tooLarge: () => Error): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** The bearer token of a request; undefined where it has none. */
export const tokenOf = ({ headers }: IncomingMessage): string | undefined =>
  /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
