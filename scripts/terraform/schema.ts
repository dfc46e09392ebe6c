import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../steps.ts';
import { readBindings } from './bindings.ts';

// Writes provider/schema.json: the names and types of the parts of google's provider that terraform/ uses, taken from
// the provider's published bindings. These are in the PyPI package cdktn-provider-google. Unpack the package and the
// .jsii.tgz in it, and give the folder of its package.json:
//
//     node scripts/terraform/schema.ts FOLDER

const { positionals } = parseArgs({ allowPositionals: true });
const [folder = ''] = positionals;

const read = (name: string) => ({
  version: 0,
  block: readBindings(
    readFileSync(join(folder, 'lib', name, 'index.js'), 'utf8'),
    readFileSync(join(folder, 'lib', name, 'index.d.ts'), 'utf8'),
  ),
});

const text = globSync('terraform/*.tf', { cwd: ROOT })
  .map((path) => readFileSync(join(ROOT, path), 'utf8'))
  .join('\n');
const used = (kind: 'resource' | 'data'): string[] =>
  [
    ...new Set([...text.matchAll(new RegExp(`^${kind} "google_(\\w+)"`, 'gm'))].flatMap(([, name = '']) => name)),
  ].toSorted();
const named = (kind: 'resource' | 'data') =>
  Object.fromEntries(
    used(kind).map((name) => [
      `google_${name}`,
      read(`${kind === 'data' ? 'data-google-' : ''}${name.replaceAll('_', '-')}`),
    ]),
  );

const { cdktn }: { cdktn?: { provider?: { version?: string } } } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
);
const optional = (type: unknown) => ({ type, optional: true });
const schema = {
  '//': `Names and types of hashicorp/google, from its bindings in cdktn-provider-google (MPL-2.0): node scripts/terraform/schema.ts`,
  version: cdktn?.provider?.version,
  // The provider's settings that a deployment may use; Firebreak's module does not configure the provider.
  provider: {
    version: 0,
    block: {
      attributes: {
        billing_project: optional('string'),
        default_labels: optional(['map', 'string']),
        project: optional('string'),
        region: optional('string'),
        user_project_override: optional('bool'),
        zone: optional('string'),
      },
      block_types: {},
    },
  },
  resource_schemas: named('resource'),
  data_source_schemas: named('data'),
};
if (schema.version === undefined) throw new Error(`${folder}/package.json does not say which provider it binds`);
writeFileSync(join(import.meta.dirname, 'provider', 'schema.json'), `${JSON.stringify(schema)}\n`);
process.stdout.write(`schema of hashicorp/google ${schema.version}: ${used('resource').length} resources\n`);
