import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COUNTED } from '../../shared/counted.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The metric names that the code of the functions counts. */
const names = (): Set<string> => {
  const files = ['shared', 'functions'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(ROOT, folder, file)),
  );
  return new Set(
    files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\.count\(\s*'([\w-]+)'/g)].map(([, name]) => name ?? ''),
    ),
  );
};

describe('the counted metrics', () => {
  it('are exactly those with an explanation', () => {
    assert.deepEqual([...names()].sort(), Object.keys(COUNTED).sort());
  });
});
