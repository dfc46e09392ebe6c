import { join } from 'node:path';
import { startStack } from '../../../local/stack.ts';
import { plainFunction } from '../empty.ts';
import { inParallel } from '../in-parallel.ts';
import type { Row } from '../row.ts';
import { alertOn, worldWith } from '../shop.ts';
import { push, residentBytes, start } from '../start.ts';

const AT_ONCE = 32;

/** The functions that handle an alert. */
const ON_THE_WAY = ['detect-audit-log', 'decide', 'contain', 'notify'] as const;
const LOOK_MS = 250;

/** How many times every alert is sent, seconds apart. */
const TIMES = 4;

/** Many alerts on many targets at once, each several times. Every change must be made once, and no alert lost. */
export const storm: Row = {
  name: 'storm',
  what: 'alerts on many targets, each four times, until all is done, by as many pushes to an empty function; 20,000 on 200 with --full',
  target: 5,
  better: 'lower',
  measure: async ({ full, built, folder }) => {
    const [count, targets] = full ? [20_000, 200] : [1_000, 20];
    const world = worldWith(targets);
    const stack = await startStack({ dir: join(folder, 'storm'), world, built: await built() });
    const empty = await start(plainFunction(folder, 'empty'));
    try {
      const different = Array.from({ length: count / TIMES }, (_, n) => alertOn(`team-${n % targets}`, `storm-${n}`));
      const alerts = Array.from({ length: TIMES }, () => different).flat();
      const began = performance.now();
      const held: Array<Record<string, number>> = [];
      const look = (): void => {
        const now = ON_THE_WAY.map((name) => [name, Math.round(residentBytes(stack.pid(name)) / 1e6)]);
        held.push(Object.fromEntries(now));
      };
      const looking = setInterval(look, LOOK_MS);
      await inParallel(AT_ONCE, alerts, (alert) => stack.publish('audit-log', alert));
      await stack.idle();
      const took = performance.now() - began;
      clearInterval(looking);
      look();
      const pushes = await inParallel(AT_ONCE, alerts, (alert, n) => push(empty.url, 'audit-log', alert, `p${n}`));
      const changes = stack.world.log.by('firebreak-contain');
      const twice = new Map<string, number>();
      for (const { verb, object, change } of changes)
        for (const path of Object.keys(change)) {
          const key = `${verb} ${object} ${path}`;
          twice.set(key, (twice.get(key) ?? 0) + 1);
        }
      return {
        ratio: took / pushes,
        raw: [
          { subject: 'storm', unit: 'ms', values: [took] },
          { subject: 'pushes', unit: 'ms', values: [pushes] },
          {
            alerts: count,
            targets,
            changes: changes.length,
            madeMoreThanOnce: [...twice.values()].filter((times) => times > 1).length,
            deadLetters: (await stack.stores.dead.list({})).items.length,
            restarts: stack.restarts(),
            /** Memory of each function, after each quarter of the time. */
            megabytes: [1, 2, 3, 4].map((quarter) => held[Math.ceil((held.length * quarter) / 4) - 1]),
          },
        ],
      };
    } finally {
      await empty.stop();
      await stack.stop();
    }
  },
};
