import { findApiServer } from '../../scripts/apiserver/find.ts';
import { exercising } from './routes.ts';
import { type ApiServer, startApiServer } from './server.ts';

let started: Promise<ApiServer> | undefined;

/** The API server of this test run. It starts on first use and stops after the last test. */
export const sharedApiServer = (): Promise<ApiServer> => {
  const found = findApiServer(process.env);
  if ('missing' in found) throw new Error(found.missing);
  started ??= startApiServer(found).then((server) => ({
    ...server,
    wire: (identity) => exercising(server.wire(identity)),
  }));
  return started;
};

// A root hook, because all suites of the run share the server.
after('stop the API server', async () => {
  const server = await started?.catch(() => undefined);
  await server?.stop();
});
