import { createServer, type RequestListener } from 'node:http';
import type { Server } from 'node:net';

/** Makes a server listen on this machine; resolves with its `HOST:PORT`. */
export const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no address');
  return `127.0.0.1:${address.port}`;
};

/** A web server on this machine; `stop` cuts open connections. */
export const startServer = async (
  answer: RequestListener,
): Promise<{ host: string; url: string; stop(): Promise<void> }> => {
  const server = createServer(answer);
  const host = await listening(server);
  return {
    host,
    url: `http://${host}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
