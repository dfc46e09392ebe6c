import { createServer } from 'node:https';
import { ended, listening } from '../../local/listening.ts';

/** The part of a kubelet that an API server calls: it serves the logs of containers. */
export type Kubelet = { port: number; logs: Map<string, string>; stop(): Promise<void> };

const LOGS = /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/;

/** Serves `logs` (by `namespace/pod/container`) on 127.0.0.1. `tls` may be any certificate, since nobody checks it. */
export const startKubelet = async (tls: { cert: Buffer; key: Buffer }): Promise<Kubelet> => {
  const logs = new Map<string, string>();
  const server = createServer(tls, (request, response) => {
    const url = new URL(request.url ?? '/', 'https://localhost');
    const [, ...place] = LOGS.exec(url.pathname) ?? [];
    const text = logs.get(place.join('/'));
    if (text === undefined) response.writeHead(404).end(`container ${place.join('/')} is not known\n`);
    else response.end(text.slice(0, Number(url.searchParams.get('limitBytes') ?? text.length)));
  });
  const port = await listening(server);
  server.unref();
  return { port, logs, stop: () => ended(server) };
};
