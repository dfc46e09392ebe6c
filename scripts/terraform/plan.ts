import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { settingsFor } from './provide.ts';

/** A plan takes seconds. A provider that is kept from what it wants tries again for ten minutes. */
const PATIENCE_MS = 300_000;
const NUMBER = '123456789012';

/** What a plan reads of a project: its number, its billing, and the service agent of Cloud Storage. */
const answerTo = (path: string): object => {
  if (path.endsWith('/billingInfo')) return { billingEnabled: true };
  if (path.endsWith('/serviceAccount'))
    return { email_address: `service-${NUMBER}@gs-project-accounts.iam.gserviceaccount.com` };
  const projectId = /\/projects\/([^/]+)$/.exec(path)?.[1];
  return { projectId, projectNumber: NUMBER, name: projectId, lifecycleState: 'ACTIVE' };
};

/** What google's provider takes as the address of an API, and a token that nothing checks. */
const addresses = (origin: string): Record<string, string> => ({
  GOOGLE_OAUTH_ACCESS_TOKEN: 'none',
  GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT: `${origin}/v1/`,
  GOOGLE_CLOUD_BILLING_CUSTOM_ENDPOINT: `${origin}/v1/`,
  GOOGLE_STORAGE_CUSTOM_ENDPOINT: `${origin}/storage/v1/`,
  // A plan that reads more than this server knows is to fail, not to reach out.
  HTTPS_PROXY: origin,
});

/**
 * Plans a module with google's own provider and nothing mocked, so that the provider also checks what it checks only in
 * a plan. A server on this machine stands for the project.
 */
export const planWhole = async (folder: string, config: string): Promise<{ ok: boolean; said: string }> => {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://project');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answerTo(pathname)));
  });
  server.on('connect', (_, socket) => void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const at = server.address();
    if (at === null || typeof at === 'string') throw new Error('the server of the project has no port');
    const env = {
      ...process.env,
      ...settingsFor(config),
      ...addresses(`http://127.0.0.1:${at.port}`),
    };
    const child = spawn('terraform', [`-chdir=${folder}`, 'plan', '-no-color', '-input=false'], {
      env,
      timeout: PATIENCE_MS,
    });
    const [said, wrong, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return { ok: code === 0, said: code === 0 ? said : wrong };
  } finally {
    server.close();
  }
};
