import { createServer, type IncomingMessage, type Server } from 'node:http';
import { z } from 'zod';
import { issueText } from '../../shared/issue-text.ts';
import { bodyOf } from '../request.ts';

const MAX_BODY = 16 * 1024 * 1024;
const MAX_MESSAGE = 10 * 1024 * 1024;
const PUBLISH = /^\/v1\/projects\/([a-z0-9.:-]{1,127})\/topics\/([A-Za-z][A-Za-z0-9._~+%-]{2,254}):publish$/;

const bytes = (text: string): number => Buffer.byteLength(text);
const attributes = z
  .record(
    z.string().refine((key) => key.length > 0 && bytes(key) <= 256, 'a key has 1 to 256 bytes'),
    z.string(),
  )
  .refine((all) => Object.keys(all).length <= 100, 'at most 100 attributes')
  .refine((all) => Object.values(all).every((value) => bytes(value) <= 1024), 'a value has at most 1024 bytes');
const message = z
  .strictObject({
    data: z
      .string()
      .regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'expected base64')
      .optional(),
    attributes: attributes.optional(),
    orderingKey: z.string().max(1024).optional(),
  })
  .refine((m) => (m.data ?? '') !== '' || Object.keys(m.attributes ?? {}).length > 0, 'needs data or attributes')
  .refine((m) => bytes(m.data ?? '') <= (MAX_MESSAGE / 3) * 4, 'a message has at most 10 MB');
const publishBody = z.strictObject({ messages: z.array(message).min(1).max(1000) });

export type RawMessage = { data: string; attributes: Record<string, string> };

/**
 * Accepts messages for a topic, given by its name in the API; returns their ids, or undefined if there is no such
 * topic.
 */
type Accept = (topic: string, messages: RawMessage[]) => string[] | undefined;

class Refused extends Error {
  readonly code: number;
  readonly status: string;
  constructor(code: number, status: string, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * The part of the Pub/Sub REST API (v1) that publishers use: `POST .../topics/T:publish`, and `GET /` for health.
 * Errors have the shape of a google.rpc.Status. The server is not listening yet.
 */
export const makeRestServer = (project: string, accept: Accept): Server =>
  createServer(async (request, response) => {
    const answer = (code: number, body: unknown): void => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    try {
      answer(200, await handle(request, project, accept));
    } catch (thrown) {
      const known = thrown instanceof Refused ? thrown : new Refused(500, 'INTERNAL', 'the request broke off');
      answer(known.code, { error: { code: known.code, message: known.message, status: known.status } });
    }
  });

const handle = async (request: IncomingMessage, project: string, accept: Accept): Promise<unknown> => {
  refuseBrowsers(request);
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'GET' && pathname === '/') return { status: 'Ok' };
  const [, where, topic] = PUBLISH.exec(pathname) ?? [];
  if (request.method !== 'POST' || where === undefined || topic === undefined) {
    throw new Refused(404, 'NOT_FOUND', 'only POST /v1/projects/PROJECT/topics/TOPIC:publish is served here');
  }
  const ids = where === project ? accept(topic, await readMessages(request)) : undefined;
  if (ids === undefined) throw new Refused(404, 'NOT_FOUND', `no topic projects/${where}/topics/${topic}`);
  return { messageIds: ids };
};

/** A web page in the operator's browser can reach this port too, and must not publish. */
const refuseBrowsers = ({ headers, method }: IncomingMessage): void => {
  const host = headers.host?.replace(/:\d+$/, '');
  if (headers.origin !== undefined || (host !== '127.0.0.1' && host !== 'localhost')) {
    throw new Refused(403, 'PERMISSION_DENIED', 'this bus serves programs on this machine only');
  }
  if (method === 'POST' && !/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    throw new Refused(400, 'INVALID_ARGUMENT', 'expected content-type application/json');
  }
};

const tooLarge = (): Refused => new Refused(400, 'INVALID_ARGUMENT', 'the request has more than 16 MB');

const readMessages = async (request: IncomingMessage): Promise<RawMessage[]> => {
  const parsed = publishBody.safeParse(parseJson(await bodyOf(request, MAX_BODY, tooLarge)));
  if (!parsed.success) throw new Refused(400, 'INVALID_ARGUMENT', issueText(parsed.error));
  return parsed.data.messages.map(({ data, attributes }) => ({
    // Publishers use either base64 alphabet; subscribers get the standard one.
    data: Buffer.from(data ?? '', 'base64').toString('base64'),
    attributes: attributes ?? {},
  }));
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(400, 'INVALID_ARGUMENT', 'the body is not JSON');
  }
};
