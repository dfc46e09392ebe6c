import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Files } from './generate/files.ts';
import { schemaFiles } from './generate/schemas.ts';
import { ROOT } from './steps.ts';

// Writes what is made from the code: schemas and references. --check changes nothing and exits 1 where one is stale.

/** Folders that hold generated files alone: what is not made any more is removed there. */
const OWNED = ['docs/schemas'];

const readIf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

const listed = (folder: string): string[] => {
  try {
    return readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
};

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const files: Files = new Map([...schemaFiles()]);

const stale = [...files].filter(([path, content]) => readIf(join(ROOT, path)) !== content).map(([path]) => path);
const left = OWNED.flatMap(listed).filter((path) => !files.has(path));

if (values.check) {
  for (const path of stale) process.stdout.write(`${path} is stale: run npm run generate\n`);
  for (const path of left) process.stdout.write(`${path} is not generated any more: run npm run generate\n`);
  process.exitCode = stale.length + left.length === 0 ? 0 : 1;
} else {
  for (const path of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), files.get(path) ?? '');
  }
  for (const path of left) rmSync(join(ROOT, path));
  process.stdout.write(`${stale.length} written, ${left.length} removed, ${files.size - stale.length} up to date\n`);
}
