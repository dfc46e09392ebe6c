import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../local/free-port.ts';
import { type Group, startGroup } from '../../local/group.ts';
import type { ApiServerPrograms } from '../../scripts/apiserver/find.ts';
import { makeClientWire } from '../../shared/adapters/kubernetes-client.ts';
import type { Wire } from '../../shared/adapters/kubernetes-wire.ts';
import { sentenceOf } from '../../shared/errors.ts';
import { IDENTITIES, type Identity } from './identities.ts';

/** A real API server over its own etcd, without controllers, scheduler or kubelets: the tests play those. */
export type ApiServer = {
  url: string;
  /** The server's CA in base64. */
  caData: string;
  /**
   * The certificate for 127.0.0.1, with its key, that the server made for itself. Tests use it for other servers too.
   */
  tls: { cert: Buffer; key: Buffer };
  /** The connection of one identity to the server. */
  wire(identity: Identity): Wire;
  stop(): Promise<void>;
};

const GUARD = fileURLToPath(new URL('../../local/guard.ts', import.meta.url));
const START_MS = 60_000;
const TRIES = 3;

/** Writes the key that signs service account tokens, and the table of bearer tokens. */
const writeCredentials = async (folder: string): Promise<void> => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const rows = Object.entries(IDENTITIES).map(
    ([token, { user, groups }]) => `${token},${user},${token}${groups === undefined ? '' : `,"${groups.join(',')}"`}`,
  );
  await Promise.all([
    writeFile(join(folder, 'accounts.key'), privateKey, { mode: 0o600 }),
    writeFile(join(folder, 'accounts.pub'), publicKey),
    writeFile(join(folder, 'tokens.csv'), `${rows.join('\n')}\n`, { mode: 0o600 }),
  ]);
};

const etcdArgs = (folder: string, port: number): string[] => [
  `--data-dir=${join(folder, 'etcd')}`,
  `--listen-client-urls=http://127.0.0.1:${port}`,
  `--advertise-client-urls=http://127.0.0.1:${port}`,
  '--listen-peer-urls=http://127.0.0.1:0',
  '--unsafe-no-fsync',
  '--log-level=error',
];

const apiServerArgs = (folder: string, port: number, etcdPort: number): string[] => [
  `--etcd-servers=http://127.0.0.1:${etcdPort}`,
  '--bind-address=127.0.0.1',
  '--advertise-address=127.0.0.1',
  // Nothing reaches this server through its Service, and Endpoints may not hold a loopback address.
  '--endpoint-reconciler-type=none',
  `--secure-port=${port}`,
  // The server creates its own CA and certificate here.
  `--cert-dir=${join(folder, 'certificates')}`,
  `--service-account-key-file=${join(folder, 'accounts.pub')}`,
  `--service-account-signing-key-file=${join(folder, 'accounts.key')}`,
  '--service-account-issuer=https://kubernetes.default.svc',
  '--service-cluster-ip-range=10.0.0.0/24',
  `--token-auth-file=${join(folder, 'tokens.csv')}`,
  '--authorization-mode=RBAC',
  // As on GKE: its own components, and Firebreak's killer pod, need privileges on the node.
  '--allow-privileged=true',
];

/** Resolves with the server's CA once it is ready. Throws if a process ends or the time is up. */
const ready = async (folder: string, url: string, groups: readonly Group[]): Promise<string> => {
  let said = 'it has not written its certificate';
  for (const until = Date.now() + START_MS; Date.now() < until; await sleep(100)) {
    if (groups.some((group) => group.hasEnded())) throw new Error('a process ended at once');
    const certificate = await readFile(join(folder, 'certificates', 'apiserver.crt')).catch(() => undefined);
    if (certificate === undefined || certificate.length === 0) continue;
    const caData = certificate.toString('base64');
    const wire = makeClientWire({ server: url, caData, token: async () => 'admin', timeoutMs: 5_000 });
    try {
      const { status, body } = await wire({ method: 'GET', path: '/readyz', accept: 'text' });
      if (status === 200) return caData;
      said = `/readyz answers ${status}: ${String(body).slice(0, 500)}`;
    } catch (thrown) {
      said = sentenceOf(thrown);
    }
  }
  throw new Error(`not ready after ${START_MS / 1000} s: ${said}`);
};

const start = async (programs: ApiServerPrograms): Promise<ApiServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-apiserver-'));
  const logFile = join(folder, 'log');
  const groups: Group[] = [];
  const run = (...args: string[]): void =>
    void groups.push(startGroup({ args: [GUARD, ...args], cwd: folder, env: process.env, logFile }));
  const stop = async (): Promise<void> => {
    await Promise.all(groups.map((group) => group.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await writeCredentials(folder);
    const [port, etcdPort] = await Promise.all([freePort(), freePort()]);
    run(programs.etcd, ...etcdArgs(folder, etcdPort));
    run(programs.apiserver, ...apiServerArgs(folder, port, etcdPort));
    const url = `https://127.0.0.1:${port}`;
    const caData = await ready(folder, url, groups);
    const [cert, key] = await Promise.all(
      ['apiserver.crt', 'apiserver.key'].map((name) => readFile(join(folder, 'certificates', name))),
    );
    if (cert === undefined || key === undefined) throw new Error('it has no certificate');
    const wire = (identity: Identity): Wire => makeClientWire({ server: url, caData, token: async () => identity });
    return { url, caData, tls: { cert, key }, wire, stop };
  } catch (thrown) {
    const log = await readFile(logFile, 'utf8').catch(() => '');
    await stop();
    throw new Error(`The API server did not start: ${sentenceOf(thrown)}\n${log.slice(-2_000)}`);
  }
};

/** Starts etcd and the API server on free ports of 127.0.0.1, in a temporary folder, and waits until it is ready. */
export const startApiServer = async (programs: ApiServerPrograms): Promise<ApiServer> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(programs);
    } catch (thrown) {
      // Another process may have taken the free port before the server did.
      if (tries === TRIES || !/address already in use/.test(sentenceOf(thrown))) throw thrown;
    }
  }
};
