import { globSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from '../../shared/read-environment.ts';

/** The two programs of a Kubernetes API server. */
export type ApiServerPrograms = { apiserver: string; etcd: string };

/** Paths of both programs, or a sentence on why they cannot be used. */
type FoundApiServer = ApiServerPrograms | { missing: string };

/** The folder of the Go module that pins the programs and their versions. */
export const MODULE = import.meta.dirname;

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

const inFolder = (folder: string): ApiServerPrograms | undefined => {
  const programs = { apiserver: join(folder, 'kube-apiserver'), etcd: join(folder, 'etcd') };
  return isFile(programs.apiserver) && isFile(programs.etcd) ? programs : undefined;
};

/** The version of Kubernetes that go.mod requires, as `v1.2.3`. */
export const kubernetesVersion = (): string => {
  const found = /^\s*k8s\.io\/kubernetes (v\d+\.\d+\.\d+)/m.exec(readFileSync(join(MODULE, 'go.mod'), 'utf8'))?.[1];
  if (found === undefined) throw new Error('scripts/apiserver/go.mod does not require k8s.io/kubernetes.');
  return found;
};

/** The cache folder for built servers, outside of any checkout; undefined if the environment names no place for it. */
export const cacheRoot = ({ XDG_CACHE_HOME: cache = '', HOME: home = '' }: Environment): string | undefined => {
  if (cache !== '') return join(cache, 'firebreak');
  return home === '' ? undefined : join(home, '.cache', 'firebreak');
};

/**
 * The folder of a server built with the Go version `go`, for example `go1.2.3`; throws if there is no place for a
 * cache.
 */
export const cacheFolder = (env: Environment, go: string): string => {
  const root = cacheRoot(env);
  if (root === undefined) throw new Error('No place for a cache: set XDG_CACHE_HOME or HOME.');
  return join(root, `apiserver-${kubernetesVersion()}-${go}`);
};

const builtFolders = (env: Environment): string[] => {
  const root = cacheRoot(env);
  if (root === undefined) return [];
  const names = globSync(`apiserver-${kubernetesVersion()}-go*`, { cwd: root }).toSorted().reverse();
  return names.map((name) => join(root, name));
};

/**
 * Looks for a server. If KUBEBUILDER_ASSETS is set, looks only there; else in the output of build.ts, built with any Go
 * version; else on the PATH. Starts nothing.
 */
export const findApiServer = (env: Environment): FoundApiServer => {
  const named = env.KUBEBUILDER_ASSETS;
  if (named !== undefined && named !== '') {
    return inFolder(named) ?? { missing: `KUBEBUILDER_ASSETS (${named}) does not hold kube-apiserver and etcd` };
  }
  const folders = [...builtFolders(env), ...(env.PATH ?? '').split(delimiter)];
  const found = folders.filter((folder) => folder !== '').flatMap((folder) => inFolder(folder) ?? []);
  return (
    found[0] ?? {
      missing: 'no kube-apiserver and etcd: build them with node scripts/apiserver/build.ts, or set KUBEBUILDER_ASSETS',
    }
  );
};
