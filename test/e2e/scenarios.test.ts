import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SCENARIOS } from '../../local/scenarios/registry.ts';
import { incident } from '../../shared/model/incident.ts';
import { inLanes } from '../kit/lanes.ts';

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

/** Plays a scenario with the command, and returns the tiers that it ended at, one for each incident. */
const tiersOf = async (id: string): Promise<Array<string | undefined>> => {
  const args = [BIN, 'demo', id, '--json', '--timeout', '100'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { maxBuffer: 16 * 1024 * 1024 });
  assert.equal(stderr, '');
  return incident
    .array()
    .parse(JSON.parse(stdout).incidents)
    .map(({ decision }) => decision?.tier);
};

describe('every scenario, played to its end', function () {
  this.timeout(600_000);
  let played: (id: string) => Promise<Array<string | undefined>>;
  // A scenario mostly waits: for alerts, and for what the simulated cloud takes its time for.
  before(() => {
    played = inLanes(Object.keys(ENDS), tiersOf);
  });

  it('has an expected tier', () => {
    assert.deepEqual(SCENARIOS.map(({ id }) => id).sort(), Object.keys(ENDS).sort());
  });
  for (const [id, tier] of Object.entries(ENDS)) {
    it(`${id} ends at ${tier}`, async () => {
      assert.deepEqual(await played(id), [tier]);
    });
  }
});
