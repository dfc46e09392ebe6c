import { strict as assert } from 'node:assert';
import { simulate } from './simulate.ts';

const SEEDS = Number(process.env.FIREBREAK_SEEDS ?? 500);
const FROM = Number(process.env.FIREBREAK_SEED ?? 1);

describe('the deterministic simulation', function () {
  this.timeout(900_000);
  it(`breaks no invariant in ${SEEDS} seeds`, async () => {
    let changes = 0;
    const broken: string[] = [];
    for (let seed = FROM; seed < FROM + SEEDS; seed += 1) {
      const outcome = await simulate(seed);
      changes += outcome.changes;
      broken.push(...outcome.broken.map((sentence) => `seed ${seed}: ${sentence}`));
    }
    assert.ok(changes > SEEDS, 'hardly anything was done');
    assert.deepEqual(broken, []);
  });

  it('plays the same seed the same way twice', async () => {
    assert.deepEqual(await simulate(7), await simulate(7));
  });
});
