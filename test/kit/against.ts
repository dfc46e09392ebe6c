import { createServer, type RequestListener } from 'node:http';
import { ended, listening } from '../../local/listening.ts';

/** Serves with a listener on 127.0.0.1 while `use` runs; connections still open at its end are cut. */
export const against = async (listener: RequestListener, use: (port: number) => Promise<void>): Promise<void> => {
  const server = createServer(listener);
  const port = await listening(server);
  try {
    await use(port);
  } finally {
    await ended(server);
  }
};
