import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from '../../shared/read-environment.ts';
import { cacheRoot } from '../apiserver/find.ts';
import { withLock } from '../apiserver/lock.ts';
import { goBuild } from '../go-build.ts';

/** The Go module of the stand-in. */
const STAND_IN = join(import.meta.dirname, 'provider');

/**
 * Terraform's source of the provider: a file for TF_CLI_CONFIG_FILE, a name for the provider in messages, and whether
 * it is google's own.
 */
export type Provided = { config: string; called: string; real: boolean };

/** The environment in which Terraform takes the provider from there, and asks nobody about versions of itself. */
export const settingsFor = (config?: string): Record<string, string> => ({
  CHECKPOINT_DISABLE: '1',
  ...(config === undefined ? {} : { TF_CLI_CONFIG_FILE: config }),
});

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
  return { config, called: 'hashicorp/google from the registry', real: true };
};

const schemaVersion = (): string => {
  const read: unknown = JSON.parse(readFileSync(join(STAND_IN, 'schema.json'), 'utf8'));
  const version = typeof read === 'object' && read !== null ? Reflect.get(read, 'version') : undefined;
  if (typeof version === 'string') return version;
  throw new Error('scripts/terraform/provider/schema.json does not say which version it is of');
};

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** A provider that Go builds once, for as long as the files that it is made from stay the same. */
type Built = { name: string; version: string; module: string; source: string; files: readonly string[] };

/** A stand-in with google's schema, which calls no cloud. It checks names, types and nesting, but not values. */
const stand = (): Built => ({
  name: 'terraform-schema',
  version: schemaVersion(),
  module: STAND_IN,
  source: '.',
  files: ['*.go', 'go.mod', 'go.sum', 'schema.json'],
});

/** google's own provider, from its Go module, whose version does not tell which release it holds. */
const GOOGLE: Built = {
  name: 'terraform-google',
  version: '8.0.0',
  module: join(import.meta.dirname, 'google'),
  source: 'github.com/hashicorp/terraform-provider-google',
  files: ['go.mod', 'go.sum'],
};

/** The mirror that holds a provider, or is to hold it, and the provider's folder in it. */
const placeOf = (env: Environment, { name, version, module, files }: Built): { mirror: string; folder: string } => {
  const hash = createHash('sha256');
  for (const file of globSync([...files], { cwd: module }).toSorted())
    hash.update(`${file}\n`).update(readFileSync(join(module, file)));
  const mirror = join(cache(env), `${name}-${hash.digest('hex').slice(0, 16)}`);
  const platform = `${process.platform}_${ARCHITECTURES[process.arch] ?? process.arch}`;
  return { mirror, folder: join(mirror, 'registry.terraform.io', 'hashicorp', 'google', version, platform) };
};

const build = async (folder: string, { version, module, source }: Built): Promise<void> => {
  const made = join(dirname(folder), `building-provider-${process.pid}`);
  const program = `terraform-provider-google_v${version}`;
  try {
    await goBuild({ name: program, module, source, to: join(made, program), flags: '-s -w' });
    for (const file of globSync('schema.json', { cwd: module })) copyFileSync(join(module, file), join(made, file));
    mkdirSync(dirname(folder), { recursive: true });
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
};

/** The file that makes Terraform take the provider from its mirror, after building what is missing. */
const configOf = async (env: Environment, built: Built): Promise<string> => {
  const { mirror, folder } = placeOf(env, built);
  if (!existsSync(folder))
    await withLock(
      `${mirror}.lock`,
      (pid) => process.stdout.write(`waiting for the build of process ${pid ?? 'unknown'}\n`),
      async () => {
        if (!existsSync(folder)) await build(folder, built);
      },
    );
  const config = join(mirror, 'terraform.rc');
  writeFileSync(
    config,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  return config;
};

/** A stand-in with google's schema: it checks names, types and nesting as the real provider does, but not values. */
export const fromSchema = async (env: Environment): Promise<Provided> => {
  const built = stand();
  return {
    config: await configOf(env, built),
    called: `a stand-in with the schema of hashicorp/google ${built.version}`,
    real: false,
  };
};

/** google's own provider, built from its Go module, which takes some minutes the first time. */
export const fromSource = async (env: Environment): Promise<Provided> => ({
  config: await configOf(env, GOOGLE),
  called: `hashicorp/google ${GOOGLE.version}, built from its source`,
  real: true,
});

/** Whether google's own provider has been built before. */
export const isBuilt = (env: Environment): boolean => existsSync(placeOf(env, GOOGLE).folder);
