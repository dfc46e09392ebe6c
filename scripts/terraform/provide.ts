import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from '../../shared/read-environment.ts';
import { cacheRoot } from '../apiserver/find.ts';
import { withLock } from '../apiserver/lock.ts';
import { tell } from '../steps.ts';

/** The Go module of a provider that has google's schema but calls no cloud. */
const MODULE = join(import.meta.dirname, 'provider');

/** Terraform's source of the provider: a file for TF_CLI_CONFIG_FILE, and a name for the provider in messages. */
export type Provided = { config: string; called: string };

const cache = (env: Environment): string => {
  const root = cacheRoot(env);
  if (root === undefined) throw new Error('No place for a cache: set XDG_CACHE_HOME or HOME.');
  mkdirSync(root, { recursive: true });
  return root;
};

/** google's own provider from Terraform's registry, cached. This function itself does not contact the registry. */
export const fromRegistry = (env: Environment): Provided => {
  const plugins = join(cache(env), 'terraform-plugins');
  mkdirSync(plugins, { recursive: true });
  const config = join(cache(env), 'terraform-registry.rc');
  writeFileSync(
    config,
    `plugin_cache_dir = ${JSON.stringify(plugins)}\nplugin_cache_may_break_dependency_lock_file = true\n`,
  );
  return { config, called: 'hashicorp/google from the registry' };
};

const schemaVersion = (): string => {
  const read: unknown = JSON.parse(readFileSync(join(MODULE, 'schema.json'), 'utf8'));
  const version = typeof read === 'object' && read !== null ? Reflect.get(read, 'version') : undefined;
  if (typeof version === 'string') return version;
  throw new Error('scripts/terraform/provider/schema.json does not say which version it is of');
};

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

const build = (folder: string, program: string): void => {
  const began = performance.now();
  const made = join(dirname(folder), `building-provider-${process.pid}`);
  try {
    const args = ['build', '-trimpath', '-ldflags', '-s -w', '-o', join(made, program), '.'];
    const run = spawnSync('go', args, { cwd: MODULE, encoding: 'utf8' });
    if (run.error !== undefined)
      throw new Error('Go is not on the PATH, and the registry of Terraform is not reached.');
    if (run.status !== 0) throw new Error(`go build ended with ${run.status}: ${run.stderr}`);
    writeFileSync(join(made, 'schema.json'), readFileSync(join(MODULE, 'schema.json')));
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  tell('provider built', true, performance.now() - began);
};

/**
 * A stand-in with google's schema, built once with Go into a mirror in the cache. It checks names, types and nesting as
 * the real provider does, but not values.
 */
export const fromSchema = async (env: Environment): Promise<Provided> => {
  const sources = globSync(['*.go', 'go.mod', 'go.sum', 'schema.json'], { cwd: MODULE }).toSorted();
  const hash = createHash('sha256');
  for (const source of sources) hash.update(`${source}\n`).update(readFileSync(join(MODULE, source)));
  const mirror = join(cache(env), `terraform-schema-${hash.digest('hex').slice(0, 16)}`);
  const version = schemaVersion();
  const platform = `${process.platform}_${ARCHITECTURES[process.arch] ?? process.arch}`;
  const folder = join(mirror, 'registry.terraform.io', 'hashicorp', 'google', version, platform);
  if (!existsSync(folder))
    await withLock(
      `${mirror}.lock`,
      (pid) => process.stdout.write(`waiting for the build of process ${pid ?? 'unknown'}\n`),
      async () => {
        if (!existsSync(folder)) build(folder, `terraform-provider-google_v${version}`);
      },
    );
  const config = join(mirror, 'terraform.rc');
  writeFileSync(
    config,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  return { config, called: `a stand-in with the schema of hashicorp/google ${version}` };
};
