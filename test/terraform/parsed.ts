import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import { z } from 'zod';
import { ROOT } from '../../scripts/steps.ts';

/** A block of HCL as hcl2json prints it: expressions are strings in `${}`, nested blocks are lists. */
export type Block = Readonly<Record<string, unknown>>;

const blocks = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));
const module = z.looseObject({
  resource: z.record(z.string(), blocks).default({}),
  variable: blocks.default({}),
  output: blocks.default({}),
  locals: z.array(z.record(z.string(), z.unknown())).default([]),
  terraform: z.array(z.record(z.string(), z.unknown())).default([]),
});

const read = async (path: string) =>
  module.parse(await parse(path, readFileSync(join(ROOT, 'terraform', path), 'utf8')));

const files = globSync('*.tf', { cwd: join(ROOT, 'terraform') }).toSorted();
const modules = await Promise.all(files.map(read));

/** Every resource of the root module, with its type and name. */
export const RESOURCES: ReadonlyArray<{ type: string; name: string; file: string; body: Block }> = modules.flatMap(
  ({ resource }, at) =>
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).flatMap(([name, bodies]) =>
        bodies.map((body) => ({ type, name, file: files[at] ?? '', body })),
      ),
    ),
);

export const VARIABLES: Readonly<Record<string, Block>> = Object.assign(
  {},
  ...modules.map(({ variable }) =>
    Object.fromEntries(Object.entries(variable).map(([name, [body = {}]]) => [name, body])),
  ),
);
export const OUTPUTS: Readonly<Record<string, Block>> = Object.assign(
  {},
  ...modules.map(({ output }) => Object.fromEntries(Object.entries(output).map(([name, [body = {}]]) => [name, body]))),
);
export const LOCALS: Readonly<Record<string, unknown>> = Object.assign({}, ...modules.flatMap(({ locals }) => locals));

/** The one resource with this type and name; throws if there is none. */
export const resource = (type: string, name: string): Block => {
  const found = RESOURCES.find((one) => one.type === type && one.name === name);
  if (found === undefined) throw new Error(`terraform/ has no ${type}.${name}`);
  return found.body;
};

/** A nested block, the first of its kind. */
export const nested = (body: Block, name: string): Block => {
  const found = z.array(z.record(z.string(), z.unknown())).min(1).parse(body[name])[0];
  if (found === undefined) throw new Error(`there is no block ${name}`);
  return found;
};

/** A generated file that the module reads. */
export const generated = (name: string): unknown =>
  JSON.parse(readFileSync(join(ROOT, 'terraform', 'generated', name), 'utf8'));
