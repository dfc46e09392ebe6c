import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ROWS } from '../bench/registry.ts';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

describe('npm run bench', function () {
  this.timeout(120_000);

  it('prints one JSON object on stdout with --json, and its progress on stderr', () => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [root('scripts/bench.ts'), '--json', '--only', 'sink-filter'],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    const { rows } = JSON.parse(stdout);
    assert.equal(rows.length, 1);
    const { name, ratio, target, better, raw } = rows[0];
    assert.deepEqual([name, target, better, typeof ratio], ['sink-filter', 1, 'lower', 'number']);
    assert.equal(raw[0].entries, 100_000);
    assert.match(stderr, /sink-filter/);
  });

  it('lists the existing rows for an unknown one', () => {
    const { stderr, status } = spawnSync(process.execPath, [root('scripts/bench.ts'), '--only', 'nothing'], {
      encoding: 'utf8',
    });
    assert.equal(status, 2);
    assert.match(stderr, /there is no row nothing; there are cold-start-detect, /);
  });

  it('measures the rows that docs/performance.md lists, with the same targets', () => {
    const table = readFileSync(root('docs/performance.md'), 'utf8');
    const listed = [...table.matchAll(/^\| ([a-z-]+) +\| .* \| at (most|least) ([\d.]+) +\|/gm)].map(
      ([, name, bound, target]) => [name, bound === 'most' ? 'lower' : 'higher', Number(target)],
    );
    assert.deepEqual(
      listed,
      ROWS.map(({ name, better, target }) => [name, better, target]),
    );
  });
});
