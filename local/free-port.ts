import { createServer } from 'node:net';
import { listening } from './listening.ts';

/** Finds a free port of 127.0.0.1, for a program that, given port 0, does not tell which port it took. */
export const freePort = async (): Promise<number> => {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
};
