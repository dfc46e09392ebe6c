import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder, findApiServer, kubernetesVersion, MODULE } from './find.ts';
import { withLock } from './lock.ts';

// Builds the Kubernetes API server and etcd for the tests, once per version of Kubernetes and of Go, into the user's
// cache. Needs Go, the modules of go.mod from a proxy the first time, and some minutes. Does nothing if
// KUBEBUILDER_ASSETS names a folder that holds both programs.

const QUIET_MS = 2_000;
const AGAIN_MS = 15_000;

const tell = (text: string): void => void process.stdout.write(`${text}\n`);
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

const goVersion = (): string => {
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION'], { cwd: MODULE, encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  throw new Error(
    'Go is not on the PATH: install it, or set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd.',
  );
};

const build = async (name: string, source: string, folder: string, flags: string): Promise<void> => {
  const began = performance.now();
  const args = ['build', '-trimpath', '-ldflags', flags, '-o', join(folder, name), source];
  const child = spawn('go', args, { cwd: MODULE, stdio: ['ignore', 'inherit', 'inherit'] });
  // Low priority: the machine may be in use, and no test measures anything during this build.
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const say = (): void => tell(`building ${name}: ${seconds(began)} so far`);
  const timers: NodeJS.Timeout[] = [setTimeout(say, QUIET_MS), setInterval(say, AGAIN_MS)];
  const [code] = await once(child, 'exit').finally(() => timers.forEach((timer) => void clearTimeout(timer)));
  if (code !== 0) throw new Error(`go build ended with ${code}: ${name} was not built; see above.`);
  tell(`built ${name} in ${seconds(began)}`);
};

const buildBoth = async (target: string): Promise<void> => {
  if (existsSync(target)) return;
  // Not beside the target under a similar name: a search for servers must not find a half-built one.
  const made = join(dirname(target), `building-${process.pid}`);
  try {
    await build('etcd', 'go.etcd.io/etcd/server/v3', made, '-s -w');
    const version = `-X k8s.io/component-base/version.gitVersion=${kubernetesVersion()}`;
    await build('kube-apiserver', 'k8s.io/kubernetes/cmd/kube-apiserver', made, `-s -w ${version}`);
    renameSync(made, target);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
};

/** Resolves with the folder of both programs, after building them if they are missing. */
const provide = async (): Promise<string> => {
  const named = process.env.KUBEBUILDER_ASSETS;
  if (named !== undefined && named !== '') {
    const found = findApiServer(process.env);
    if ('missing' in found) throw new Error(`${found.missing}.`);
    return named;
  }
  const target = cacheFolder(process.env, goVersion());
  mkdirSync(dirname(target), { recursive: true });
  const waiting = (pid: number | undefined): void => tell(`waiting for the build of process ${pid ?? 'unknown'}`);
  if (!existsSync(target)) await withLock(`${target}.lock`, waiting, () => buildBoth(target));
  return target;
};

const began = performance.now();
try {
  tell(`Kubernetes API server ${kubernetesVersion()}: ${await provide()} (${seconds(began)})`);
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
}
