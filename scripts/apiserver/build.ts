import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { goBuild, seconds, tell } from '../go-build.ts';
import { cacheFolder, findApiServer, kubernetesVersion, MODULE } from './find.ts';
import { withLock } from './lock.ts';

// Builds the Kubernetes API server and etcd for the tests, once per version of Kubernetes and of Go, into the user's
// cache. Needs Go, the modules of go.mod from a proxy the first time, and some minutes. Does nothing if
// KUBEBUILDER_ASSETS names a folder that holds both programs.

const goVersion = (): string => {
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION'], { cwd: MODULE, encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  throw new Error(
    'Go is not on the PATH: install it, or set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd.',
  );
};

const buildBoth = async (target: string): Promise<void> => {
  if (existsSync(target)) return;
  // Not beside the target under a similar name: a search for servers must not find a half-built one.
  const made = join(dirname(target), `building-${process.pid}`);
  try {
    const program = (name: string, source: string, flags: string) =>
      goBuild({ name, module: MODULE, source, to: join(made, name), flags });
    await program('etcd', 'go.etcd.io/etcd/server/v3', '-s -w');
    const version = `-X k8s.io/component-base/version.gitVersion=${kubernetesVersion()}`;
    await program('kube-apiserver', 'k8s.io/kubernetes/cmd/kube-apiserver', `-s -w ${version}`);
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
