import { once } from 'node:events';
import { createServer } from 'node:net';

/** Finds a free port of 127.0.0.1, for a program that, given port 0, does not tell which port it took. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof bound !== 'object' || bound === null) throw new Error('no free port on 127.0.0.1');
  return bound.port;
};
