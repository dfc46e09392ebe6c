import { strict as assert } from 'node:assert';
import { get, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { listening } from '../../../local/listening.ts';
import { respond } from '../../../shared/adapters/http-response.ts';
import type { Reply } from '../../../shared/console/http.ts';

describe('respond', () => {
  it('aborts a stream at once if the client left before it began', async () => {
    const asked = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<boolean>();
    const answer = async (): Promise<Reply> => {
      asked.resolve();
      await gone.promise;
      return { status: 200, headers: {}, stream: async (_, { aborted }) => ended.resolve(aborted) };
    };
    http('response-stream', (request, response) => {
      response.on('close', () => gone.resolve());
      return respond(answer, request, response);
    });
    const server: Server = getTestServer('response-stream');
    const port = await listening(server);
    try {
      const call = get({ host: '127.0.0.1', port });
      call.on('error', () => undefined);
      await asked.promise;
      call.destroy();
      assert.equal(await Promise.race([ended.promise, sleep(5000, 'never', { ref: false })]), true);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
