import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { FunctionName } from '../../shared/model/ids.ts';
import { ROOT } from '../steps.ts';
import { billOf } from './bill.ts';
import { type BuiltFiles, bundle, FRAMEWORK } from './bundle.ts';
import { licencesOf } from './licences.ts';
import { lockSubset, type Manifest } from './lock-subset.ts';
import { packagesOf } from './packages.ts';
import { STARTED_BY, startFiles } from './start-files.ts';

/** The Node.js version of the runtime `nodejs24`. */
const ENGINES = { node: '24' };

const ours = z.looseObject({
  version: z.string(),
  license: z.string(),
  dependencies: z.record(z.string(), z.string()),
});

const jsonOf = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

const written = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, undefined, 2)}\n`);

/**
 * The contents of a function's archive: the bundle, a package.json that requires functions-framework in the tested
 * version, its lock file, and what both are made of, with the licences. No settings: a function reads policy and rules
 * from FIREBREAK_POLICY and FIREBREAK_RULES.
 */
export const functionFiles = async (name: FunctionName): Promise<BuiltFiles> => {
  const { version, license, dependencies } = ours.parse(jsonOf('package.json'));
  const framework = dependencies[FRAMEWORK];
  if (framework === undefined) throw new Error(`package.json does not depend on ${FRAMEWORK}`);
  const manifest: Manifest = {
    name: `firebreak-${name}`,
    version,
    license,
    dependencies: { [FRAMEWORK]: framework },
    engines: ENGINES,
  };
  const { files, inputs } = await bundle(`functions/${name}/index.ts`);
  const all = jsonOf('package-lock.json');
  const lock = lockSubset(all, manifest);
  const bundled = packagesOf(inputs, all);
  return new Map([
    ...files,
    ...startFiles(),
    ['LICENSE', readFileSync(join(ROOT, 'LICENSE'))],
    ['THIRD-PARTY-LICENSES.txt', new TextEncoder().encode(licencesOf(bundled))],
    ['sbom.cdx.json', written(billOf(manifest, [...bundled, ...packagesOf(Object.keys(lock.packages), lock)]))],
    ['package.json', written({ ...manifest, private: true, ...STARTED_BY })],
    ['package-lock.json', written(lock)],
  ]);
};
