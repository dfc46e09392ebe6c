import { strict as assert } from 'node:assert';
import { createServer, type RequestListener } from 'node:http';

/** Serves with a listener on 127.0.0.1 while `use` runs; connections still open at its end are cut. */
export const against = async (listener: RequestListener, use: (port: number) => Promise<void>): Promise<void> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  try {
    await use(address.port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
};
