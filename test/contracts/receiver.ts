import { createServer } from 'node:http';
import { z } from 'zod';
import { ended, listening } from '../../local/listening.ts';

const push = z.looseObject({
  subscription: z.string(),
  deliveryAttempt: z.number().optional(),
  message: z.looseObject({
    data: z.string().default(''),
    attributes: z.record(z.string(), z.string()).default({}),
    messageId: z.string(),
    publishTime: z.string(),
  }),
});

/** A received push; `body` is the message's data as JSON. */
export type Received = z.infer<typeof push> & { path: string; authorization: string | undefined; body: unknown };

/** A push endpoint with scripted answers, on which a test can wait for pushes. */
export type Receiver = {
  endpoint: string;
  received: readonly Received[];
  /** Resolves with all pushes once there are at least `count`. */
  arrived(count: number): Promise<readonly Received[]>;
  stop(): Promise<void>;
};

/** Starts a receiver on 127.0.0.1. `answer` gives the HTTP status for each push; undefined stands for 204. */
export const startReceiver = async (
  answer: (received: Received) => number | undefined | Promise<number | undefined> = () => 204,
  port = 0,
): Promise<Receiver> => {
  const received: Received[] = [];
  const waiting: Array<{ count: number; resolve: () => void }> = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const parsed = push.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    const { authorization } = request.headers;
    const body: unknown = JSON.parse(Buffer.from(parsed.message.data, 'base64').toString('utf8') || 'null');
    const one = { ...parsed, path: request.url ?? '', authorization, body };
    received.push(one);
    for (const { count, resolve } of waiting) if (received.length >= count) resolve();
    response.writeHead((await answer(one)) ?? 204).end();
  });
  return {
    endpoint: `http://127.0.0.1:${await listening(server, port)}`,
    received,
    arrived: (count) =>
      new Promise((resolve) => {
        if (received.length >= count) resolve(received);
        else waiting.push({ count, resolve: () => resolve(received) });
      }),
    stop: () => ended(server),
  };
};
