import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FUNCTIONS, type FunctionName } from '../shared/model/ids.ts';
import { once } from '../shared/once.ts';
import { tableText } from '../shared/views/table.ts';
import { ROWS } from '../test/bench/registry.ts';
import type { Bench, Row } from '../test/bench/row.ts';
import type { BuiltFiles } from './build/bundle.ts';
import { functionFiles } from './build/function-files.ts';
import { install } from './build/unpack.ts';
import { flagsOf } from './flags.ts';

// Measures speed and size, each relative to something plain: `npm run bench -- [--json] [--only NAME] [--full]`.
// Results are ratios within one run, from medians of fresh processes that take turns. `--full` takes many times as
// long. Exits 1 if something could not be measured; a missed target is shown, but is no error.

const { values } = flagsOf('bench', {
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    full: { type: 'boolean', default: false },
  },
});
const unknown = values.only.filter((name) => !ROWS.some((row) => row.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `bench: there is no row ${unknown.join(', ')}; there are ${ROWS.map((row) => row.name).join(', ')}\n`,
  );
  process.exit(2);
}

const say = (text: string): void => void (values.json ? process.stderr : process.stdout).write(text);

const folder = await mkdtemp(join(tmpdir(), 'firebreak-bench-'));
const built = once(async () => {
  say('building ...\n');
  const functions = new Map<FunctionName, BuiltFiles>();
  for (const name of FUNCTIONS) functions.set(name, await functionFiles(name));
  install(functions, join(folder, 'functions'));
  return join(folder, 'functions');
});
const bench: Bench = { full: values.full, built, folder };

type Measured = Pick<Row, 'name' | 'target' | 'better'> & { ratio: number; raw: readonly unknown[] };

const meets = ({ ratio, target, better }: Measured): boolean =>
  better === 'lower' ? ratio <= target : ratio >= target;
const line = (one: Measured): string[] => [
  one.name,
  one.ratio.toFixed(2),
  `${one.better === 'lower' ? 'at most' : 'at least'} ${one.target}`,
  meets(one) ? 'met' : 'missed',
];

const rows: Measured[] = [];
let failed = false;
try {
  for (const { name, target, better, what, measure } of ROWS) {
    if (values.only.length > 0 && !values.only.includes(name)) continue;
    const began = performance.now();
    try {
      const { ratio, raw } = await measure(bench);
      const one: Measured = { name, ratio, target, better, raw };
      rows.push(one);
      say(`${line(one).join('  ')}  (${what}; ${Math.round((performance.now() - began) / 1000)} s)\n`);
    } catch (thrown) {
      failed = true;
      process.stderr.write(
        `bench: ${name} could not be measured: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`,
      );
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.stdout.write(
  values.json ? `${JSON.stringify({ rows })}\n` : `\n${tableText(['ROW', 'RATIO', 'TARGET', ''], rows.map(line))}\n`,
);
process.exitCode = failed ? 1 : 0;
