import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { startServer } from '../kit/listening.ts';

const RESOURCES = {
  kind: 'APIResourceList',
  groupVersion: 'v1',
  resources: [{ name: 'pods', kind: 'Pod', namespaced: true, singularName: '', verbs: [] }],
};
const NOT_FOUND = {
  error: { code: 404, message: 'not found', errors: [{ reason: 'notFound', message: 'not found' }] },
};

const AT = '2026-01-01T00:00:00Z';
const reads = z.object({ documents: z.array(z.string()) });
const writes = z.object({ writes: z.array(z.unknown()) });

/** The answer to a request: reads find nothing, in the form of each service, and writes succeed. */
const answerOf = (url: string, body: string): [number, unknown] => {
  if (/\/documents:batchGet\b/.test(url)) {
    const { documents } = reads.parse(JSON.parse(body));
    return [200, documents.map((missing) => ({ missing, readTime: AT }))];
  }
  if (/\/documents:commit\b/.test(url)) {
    const results = writes.parse(JSON.parse(body)).writes.map(() => ({ updateTime: AT }));
    return [200, { writeResults: results, commitTime: AT }];
  }
  if (/\/topics\/[^/]*:publish\b/.test(url)) return [200, { messageIds: ['1'] }];
  if (/\/api\/v1$/.test(url)) return [200, RESOURCES];
  if (url.startsWith('/clusters/')) return [404, { kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 }];
  if (url.includes('/b/')) return [200, { kind: 'storage#objects' }];
  return [404, NOT_FOUND];
};

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const [status, body] = answerOf(request.url ?? '', Buffer.concat(await request.toArray()).toString('utf8'));
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

/**
 * Answers at once for every service that contain calls, as a cloud in which nothing exists: the client is measured, not
 * the cloud.
 */
export const startCloudStub = async (): Promise<{
  env: Record<string, string>;
  /** The paths requested so far. */
  asked: readonly string[];
  stop(): Promise<void>;
}> => {
  const asked: string[] = [];
  const { host, url, stop } = await startServer((request, response) => {
    asked.push(request.url ?? '');
    // A request that cannot be read gets no answer.
    answer(request, response).catch(() => response.destroy());
  });
  return {
    asked,
    env: {
      PUBSUB_EMULATOR_HOST: host,
      FIRESTORE_EMULATOR_HOST: host,
      STORAGE_EMULATOR_HOST: url,
      FIREBREAK_CONTAINER_ENDPOINT: url,
      FIREBREAK_COMPUTE_ENDPOINT: url,
      FIREBREAK_TOKEN: 'none',
    },
    stop,
  };
};
