import { relative, resolve } from 'node:path';
import { build, type Message, type Metafile, type Plugin } from 'esbuild';
import { ROOT } from '../steps.ts';
import { asScript } from './as-script.ts';
import { builtinsByRequire } from './builtins.ts';
import { leanDefinitions } from './lean-definitions.ts';
import { leanLibraries } from './lean-libraries.ts';
import { noLazyPackages } from './no-lazy-packages.ts';
import { oneTransport } from './one-transport.ts';
import { ownCode } from './own-code.ts';

/** Files by path, with `/` as the separator. */
export type BuiltFiles = ReadonlyMap<string, Uint8Array>;
type Bundle = {
  files: BuiltFiles;
  /** The source files of the bundle: paths from the root of the checkout. */
  inputs: readonly string[];
};

/**
 * Stays outside of the bundle, since it holds the registered functions: a bundled copy would not be the one that
 * serves.
 */
export const FRAMEWORK = '@google-cloud/functions-framework';

const OUT = 'dist/bundle';

/** The outputs that the entry leads to. The bundler also makes outputs for lazy imports in code that nothing calls. */
const reached = ({ outputs }: Metafile): string[] => {
  const found = new Set<string>();
  const waiting = [`${OUT}/main.js`];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const imports = outputs[path]?.imports ?? [];
    waiting.push(...imports.filter(({ external }) => external !== true).map(({ path: to }) => to));
  }
  return [...found].sort();
};

/** Replaces modules by empty ones if only code that nothing calls would import them lazily. */
const without = (unreached: ReadonlySet<string>): Plugin => ({
  name: 'without',
  setup: (plugin) => {
    plugin.onLoad({ filter: /\.ts$/ }, ({ path }) =>
      unreached.has(relative(resolve(ROOT), path).replaceAll('\\', '/')) ? { contents: '', loader: 'js' } : undefined,
    );
  },
});

/**
 * Refuses imports in Firebreak's own code that do not exist, since they would only fail when called. Libraries have
 * such imports on purpose, after parts were left out.
 */
const refuseMissing = (warnings: readonly Message[]): void => {
  const missing = warnings.filter(
    ({ id, location }) => id === 'import-is-undefined' && !/(^|[\\/])node_modules[\\/]/.test(location?.file ?? ''),
  );
  if (missing.length > 0)
    throw new Error(missing.map(({ text, location }) => `${location?.file ?? ''}: ${text}`).join('\n'));
};

const built = async (entry: string, plugins: Plugin[]) => {
  const made = await build({
    absWorkingDir: resolve(ROOT),
    entryPoints: { main: entry },
    outdir: OUT,
    bundle: true,
    write: false,
    metafile: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    chunkNames: 'chunks/[name]-[hash]',
    external: [FRAMEWORK],
    plugins: [...plugins, builtinsByRequire, noLazyPackages, leanDefinitions, oneTransport, leanLibraries, ownCode],
    logLevel: 'silent',
  });
  refuseMissing(made.warnings);
  return made;
};

/**
 * Bundles a module and everything that it imports, except functions-framework: `main.js`, and a chunk for each lazily
 * imported part, all as scripts. Each has its source map beside it, without the sources, which are in the repository.
 *
 * Builds twice: modules that the first build shows as unreached are left out of the second, so that the code they share
 * with the rest needs no chunk of its own.
 */
export const bundle = async (entry: string): Promise<Bundle> => {
  const { metafile: first } = await built(entry, []);
  // A module imported lazily by code that nothing calls may also be imported directly by code that is called.
  const needed = new Set(reached(first).flatMap((path) => Object.keys(first.outputs[path]?.inputs ?? {})));
  const unreached = Object.values(first.outputs).flatMap(({ entryPoint }) =>
    entryPoint === undefined || needed.has(entryPoint) ? [] : [entryPoint],
  );
  const { outputFiles, metafile } = await built(entry, [without(new Set(unreached))]);
  const outputs = reached(metafile);
  const kept = new Set(outputs.flatMap((path) => [path, `${path}.map`]).map((path) => path.slice(OUT.length + 1)));
  const nameOf = (path: string): string => relative(resolve(ROOT, OUT), path).replaceAll('\\', '/');
  const texts = new Map(outputFiles.map(({ path, text }) => [nameOf(path), text]));
  const files = new Map<string, Uint8Array>();
  for (const name of [...kept].filter((one) => one.endsWith('.js'))) {
    const { code, map } = await asScript(name, texts.get(name) ?? '', texts.get(`${name}.map`) ?? '');
    files.set(name, new TextEncoder().encode(code));
    files.set(`${name}.map`, new TextEncoder().encode(map));
  }
  const inputs = new Set(outputs.flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {})));
  return { files, inputs: [...inputs].filter((path) => !/^(builtin|later):/.test(path)).sort() };
};
