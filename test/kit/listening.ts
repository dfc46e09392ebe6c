import { createServer, type RequestListener } from 'node:http';
import { ended, listening } from '../../local/listening.ts';

/** A web server on this machine; `stop` cuts open connections. */
export const startServer = async (
  answer: RequestListener,
): Promise<{ host: string; url: string; stop(): Promise<void> }> => {
  const server = createServer(answer);
  const host = `127.0.0.1:${await listening(server)}`;
  return {
    host,
    url: `http://${host}`,
    stop: () => ended(server),
  };
};
