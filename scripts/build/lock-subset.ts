import { z } from 'zod';

const dependencies = z.record(z.string(), z.string()).optional();
const locked = z.looseObject({
  version: z.string().optional(),
  dependencies,
  optionalDependencies: dependencies,
  peerDependencies: dependencies,
  peerDependenciesMeta: z.record(z.string(), z.looseObject({ optional: z.boolean().optional() })).optional(),
});
type Locked = z.infer<typeof locked>;
const lockFile = z.looseObject({ lockfileVersion: z.literal(3), packages: z.record(z.string(), locked) });

/** The fields of a package.json that npm also writes into the lock file. */
export type Manifest = {
  name: string;
  version: string;
  license: string;
  dependencies: Record<string, string>;
  engines: Record<string, string>;
};

/**
 * The path at which the package at `from` finds `name`, as Node.js searches: in the package's own folder, then in each
 * above.
 */
const find = (packages: Record<string, Locked>, from: string, name: string): string | undefined => {
  const parts = from === '' ? [] : from.split(/(?:^|\/)node_modules\//).slice(1);
  for (let depth = parts.length; depth >= 0; depth -= 1) {
    const path = [...parts.slice(0, depth), name].map((part) => `node_modules/${part}`).join('/');
    if (packages[path] !== undefined) return path;
  }
  return undefined;
};

/** The dependencies of a package, required and optional; a missing optional one is no error. */
const needsOf = (one: Locked): Array<{ name: string; optional: boolean }> => [
  ...Object.keys(one.dependencies ?? {}).map((name) => ({ name, optional: false })),
  ...Object.keys(one.optionalDependencies ?? {}).map((name) => ({ name, optional: true })),
  ...Object.keys(one.peerDependencies ?? {}).map((name) => ({
    name,
    optional: one.peerDependenciesMeta?.[name]?.optional === true,
  })),
];

/**
 * A lock file for a package that needs only some of the packages in `lock`: the same versions with the same integrity,
 * at the same places.
 *
 * @throws Error if `lock` lacks a required package.
 */
export const lockSubset = (lock: unknown, manifest: Manifest) => {
  const { packages } = lockFile.parse(lock);
  const kept: Record<string, Locked> = {};
  const waiting = [{ from: '', one: locked.parse(manifest) }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { name, optional } of needsOf(next.one)) {
      const path = find(packages, next.from, name);
      const one = path === undefined ? undefined : packages[path];
      if (path === undefined || one === undefined) {
        if (optional) continue;
        throw new Error(`package-lock.json has no ${name}, which ${next.from || manifest.name} needs: run npm install`);
      }
      if (Object.hasOwn(kept, path)) continue;
      kept[path] = one;
      waiting.push({ from: path, one });
    }
  }
  const { name, version } = manifest;
  const sorted = Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { name, version, lockfileVersion: 3, requires: true, packages: { '': manifest, ...sorted } };
};
