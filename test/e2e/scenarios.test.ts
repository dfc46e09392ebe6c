import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SCENARIOS } from '../../local/scenarios/registry.ts';
import { incident } from '../../shared/model/incident.ts';

const BIN = fileURLToPath(new URL('../../cli/firebreak.mjs', import.meta.url));

/** The tier of each scenario's decision at its end. */
const ENDS: Readonly<Record<string, string>> = {
  cryptominer: 'isolate',
  'reverse-shell': 'quarantine',
  'privileged-pod': 'snapshot',
  ransom: 'delete-workload',
  'suspicious-image': 'redeploy',
  zombie: 'delete-host',
  autopilot: 'quarantine',
  'noisy-neighbour': 'observe',
};

describe('every scenario, played to its end', function () {
  this.timeout(150_000);
  it('has an expected tier', () => {
    assert.deepEqual(SCENARIOS.map(({ id }) => id).sort(), Object.keys(ENDS).sort());
  });
  for (const [id, tier] of Object.entries(ENDS)) {
    it(`${id} ends at ${tier}`, async () => {
      const args = [BIN, 'demo', id, '--json', '--timeout', '100'];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { maxBuffer: 16 * 1024 * 1024 });
      assert.equal(stderr, '');
      const [only, ...others] = incident.array().parse(JSON.parse(stdout).incidents);
      assert.deepEqual(others, []);
      assert.equal(only?.decision?.tier, tier);
    });
  }
});
