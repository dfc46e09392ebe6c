import { once } from 'node:events';
import type { Server as WebServer } from 'node:http';
import type { Server } from 'node:net';

/** Makes a server listen on 127.0.0.1; resolves with its port. Port 0 takes a free one. */
export const listening = async (server: Server, port = 0): Promise<number> => {
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const bound = server.address();
  if (typeof bound !== 'object' || bound === null) throw new Error('the server has no address');
  return bound.port;
};

/** Ends a web server, and cuts its open connections. */
export const ended = async (server: Pick<WebServer, 'close' | 'closeAllConnections'>): Promise<void> => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
};
