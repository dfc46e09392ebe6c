import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { incident } from '../../shared/model/incident.ts';
import { describeWith } from '../require.ts';

const BIN = fileURLToPath(new URL('../../cli/firebreak.mjs', import.meta.url));
const run = promisify(execFile);

/** Runs `firebreak demo --json` as its own process in `cwd`. Rejects if it exits with anything but 0. */
const demo = async (cwd: string, ...more: string[]) => {
  const { stdout, stderr } = await run(process.execPath, [BIN, 'demo', '--json', '--timeout', '100', ...more], {
    cwd,
    maxBuffer: 16 * 1024 * 1024,
  });
  const printed: Record<string, unknown> = JSON.parse(stdout);
  return { printed, incidents: incident.array().parse(printed.incidents), stderr };
};

describe('firebreak demo, end to end', function () {
  this.timeout(120_000);
  let cwd: string;
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'firebreak demo '));
  });
  afterEach(() => rm(cwd, { recursive: true }));

  it('ends with the node isolated and an ask, also if two run at once, and prints nothing but the incidents', async () => {
    for (const { printed, incidents, stderr } of await Promise.all([demo(cwd), demo(cwd)])) {
      assert.deepEqual(Object.keys(printed), ['incidents']);
      assert.equal(stderr, '');
      const [only, ...others] = incidents;
      assert.deepEqual(others, []);
      assert.equal(only?.state, 'contained');
      assert.equal(only?.decision?.tier, 'isolate');
      assert.equal(only?.decision?.asked?.tier, 'delete-workload');
      assert.equal(only?.run.rev, only?.goal?.rev);
    }
  });

  it('only observes a batch job that is merely busy', async () => {
    const { incidents, stderr } = await demo(cwd, 'noisy-neighbour');
    assert.equal(stderr, '');
    assert.deepEqual(
      incidents.map(({ state, decision, plan, journal }) => [state, decision?.tier, plan, journal]),
      [['open', 'observe', [], []]],
    );
  });

  describeWith('pubsub', 'over the Pub/Sub emulator', () => {
    it('ends with the same state and tier, and exits also where a run still watches what it has deleted', async () => {
      const emulated = ['--pubsub', 'emulator'];
      const demos = await Promise.all([demo(cwd, ...emulated), demo(cwd, 'ransom', ...emulated)]);
      assert.deepEqual(
        demos.map(({ incidents }) => incidents.map(({ state, decision }) => [state, decision?.tier])),
        [[['contained', 'isolate']], [['containing', 'delete-workload']]],
      );
    });
  });
});
