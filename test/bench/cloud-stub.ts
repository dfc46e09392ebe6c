import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createGrpcServer, type ServerHttp2Stream } from 'node:http2';
import type { Server } from 'node:net';
import protobuf from 'protobufjs';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message GetRequest { string database = 1; repeated string documents = 2; }
  message Timestamp { int64 seconds = 1; }
  message GetResponse { string missing = 2; Timestamp read_time = 4; }
  message PublishResponse { repeated string message_ids = 1; }
`);

/** What a call is answered with: its messages, each in its frame. */
const answerOf = (path: string, request: Buffer): Buffer[] => {
  if (path.endsWith('/Publish')) return [encoded('PublishResponse', { messageIds: ['1'] })];
  const read = root.lookupType('GetRequest').toObject(root.lookupType('GetRequest').decode(request.subarray(5)));
  const documents: unknown[] = Array.isArray(read.documents) ? read.documents : [];
  return documents.map((missing) => encoded('GetResponse', { missing, readTime: { seconds: 1 } }));
};

const encoded = (type: string, message: Record<string, unknown>): Buffer => {
  const body = root.lookupType(type).encode(root.lookupType(type).fromObject(message)).finish();
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
};

const grpc = (stream: ServerHttp2Stream, path: string): void => {
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.concat(answerOf(path, Buffer.concat(parts))));
  });
  stream.on('error', () => {});
};

const NOT_FOUND = {
  error: { code: 404, message: 'not found', errors: [{ reason: 'notFound', message: 'not found' }] },
};
const RESOURCES = {
  kind: 'APIResourceList',
  groupVersion: 'v1',
  resources: [{ name: 'pods', kind: 'Pod', namespaced: true, singularName: '', verbs: [] }],
};

/** Nothing is there, as each service says it. */
const rest = ({ url = '' }: IncomingMessage, response: ServerResponse): void => {
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (/\/api\/v1$/.test(url)) json(200, RESOURCES);
  else if (url.startsWith('/clusters/')) json(404, { kind: 'Status', status: 'Failure', code: 404 });
  else if (url.includes('/b/')) json(200, { kind: 'storage#objects' });
  else json(404, NOT_FOUND);
};

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
};

/** Answers at once for every service that contain calls: there is nothing. What is measured is the client, not the cloud. */
export const startCloudStub = async (): Promise<{ env: Record<string, string>; stop(): Promise<void> }> => {
  const web = createServer(rest);
  const rpc = createGrpcServer();
  const sessions = new Set<{ destroy(): void }>();
  rpc.on('session', (session) => sessions.add(session));
  rpc.on('stream', (stream, headers) => grpc(stream, String(headers[':path'])));
  const [webHost, rpcHost] = [await listening(web), await listening(rpc)];
  return {
    env: {
      PUBSUB_EMULATOR_HOST: rpcHost,
      FIRESTORE_EMULATOR_HOST: rpcHost,
      STORAGE_EMULATOR_HOST: `http://${webHost}`,
      FIREBREAK_CONTAINER_ENDPOINT: `http://${webHost}`,
      FIREBREAK_COMPUTE_ENDPOINT: `http://${webHost}`,
      FIREBREAK_TOKEN: 'none',
    },
    stop: async () => {
      for (const session of sessions) session.destroy();
      web.closeAllConnections();
      await Promise.all([web, rpc].map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
    },
  };
};
