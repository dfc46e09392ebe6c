import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inLanes } from '../kit/lanes.ts';

const CRASH = fileURLToPath(new URL('./crash.ts', import.meta.url));
/** The longest first. */
const GOALS = ['isolate', 'released', 'delete-workload', 'quarantine', 'delete-host', 'redeploy'] as const;

describe('a process that dies at any call', function () {
  this.timeout(600_000);
  let died: (goal: (typeof GOALS)[number]) => Promise<unknown>;
  // Each in a process of its own, which takes a processor for a minute.
  before(() => {
    died = inLanes(GOALS, (goal) => promisify(execFile)(process.execPath, [CRASH, goal]));
  });

  for (const goal of GOALS) {
    it(
      goal === 'released'
        ? 'releases an isolated node with the same record, and repeats no change'
        : `reaches the same end of ${goal} in its next deliveries, repeats no change, and can be released`,
      async () => {
        await died(goal);
      },
    );
  }
});
