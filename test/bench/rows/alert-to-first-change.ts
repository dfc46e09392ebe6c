import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStack } from '../../../local/stack.ts';
import { plainFunction } from '../empty.ts';
import { median } from '../median.ts';
import type { Row } from '../row.ts';
import { alertOn, worldWith } from '../shop.ts';
import { push, start } from '../start.ts';

const PATIENCE_MS = 60_000;

/**
 * The time from an alert to the first change in the world, with evidence kept first. An earlier alert has warmed up all
 * functions and kept the node's disks, so that the first change is in the cluster.
 */
export const alertToFirstChange: Row = {
  name: 'alert-to-first-change',
  what: 'alert published to the first change in the world, through three functions, by one push through an empty function',
  target: 8,
  better: 'lower',
  measure: async ({ full, built, folder }) => {
    const alerts = (full ? 20 : 5) + 1;
    const dir = join(folder, 'stack');
    const stack = await startStack({ dir, world: worldWith(alerts), built: await built() });
    const empty = await start(plainFunction(folder, 'empty'));
    const changes = (): number => stack.world.log.by('firebreak-contain').length;
    const [first, one]: [number[], number[]] = [[], []];
    try {
      for (let n = 0; n < alerts; n += 1) {
        const before = changes();
        const began = performance.now();
        await stack.publish('audit-log', alertOn(`team-${n}`));
        while (changes() === before && performance.now() - began < PATIENCE_MS) await sleep(1);
        const took = performance.now() - began;
        if (took >= PATIENCE_MS) throw new Error(`nothing was changed for the alert on team-${n}`);
        await Promise.race([stack.idle(), sleep(20_000)]);
        const pushed = performance.now();
        await push(empty.url, 'audit-log', {}, `e${n}`);
        if (n === 0) continue;
        first.push(took);
        one.push(performance.now() - pushed);
      }
    } finally {
      await empty.stop();
      await stack.stop();
    }
    return {
      ratio: median(first) / median(one),
      raw: [
        { subject: 'first change', unit: 'ms', median: median(first), values: first },
        { subject: 'one push', unit: 'ms', median: median(one), values: one },
      ],
    };
  },
};
