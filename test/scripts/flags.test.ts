import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../scripts/simulate-faults.ts', import.meta.url));

describe('the flags of a script', () => {
  for (const [flag, sentence] of [
    ['--seed=3', "simulate-faults: Unknown option '--seed': it takes --seeds, --from\n"],
    ['--seeds', "simulate-faults: Option '--seeds <value>' argument missing: it takes --seeds, --from\n"],
    ['5', "simulate-faults: Unexpected argument '5': it takes --seeds, --from\n"],
  ] as const)
    it(`are refused in one sentence with exit 2, not 1 as for what was found: ${flag}`, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, flag], { encoding: 'utf8' });
      assert.deepEqual([status, stdout, stderr], [2, '', sentence]);
    });
});
