import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { simulate } from './simulate.ts';

const COMMAND = fileURLToPath(new URL('../../scripts/simulate-faults.ts', import.meta.url));
const SEEDS = Number(process.env.FIREBREAK_SEEDS ?? 500);
const FROM = Number(process.env.FIREBREAK_SEED ?? 1);

describe('the deterministic simulation', function () {
  this.timeout(900_000);
  it(`breaks no invariant in ${SEEDS} seeds`, async () => {
    // The command plays on all processors; this process would play on one.
    const child = spawn(process.execPath, [COMMAND, '--seeds', String(SEEDS), '--from', String(FROM)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const out = await text(child.stdout);
    const [, seeds, runs, broken] = /^(\d+) seeds, (\d+) runs, (\d+) broken invariants\n$/m.exec(out) ?? [];
    assert.deepEqual({ seeds, broken }, { seeds: String(SEEDS), broken: '0' }, out);
    assert.ok(Number(runs) > 10 * SEEDS, `hardly anything was done: ${out}`);
  });

  it('plays the same seed the same way twice', async () => {
    assert.deepEqual(await simulate(7), await simulate(7));
  });
});
