import { createHash } from 'node:crypto';
import { type KubeCluster, makeKubeCluster } from '../../../../local/world/kubernetes/cluster.ts';
import { nodeFor } from '../../../../local/world/kubernetes/nodes.ts';
import { makeWorldLog, type WorldLog } from '../../../../local/world/log.ts';

export const NOW = Date.parse('2026-03-01T10:00:00.000Z');

/** Random values that are the same in every run: 128 bits in hex. */
export const countedRandom = (): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(String(count)).digest('hex').slice(0, 32);
  };
};

export type Played = {
  cluster: KubeCluster;
  log: WorldLog;
  /** Moves the clock on and lets the controllers act. */
  pass(ms: number): void;
};

/** One empty cluster c1 with namespace shop and the given nodes, and a clock that only tests move. */
export const playCluster = (nodes: readonly string[] = ['n1', 'n2']): Played => {
  let now = NOW;
  const log = makeWorldLog();
  const ref = { project: 'p1', location: 'europe-west1', cluster: 'c1' };
  const cluster = makeKubeCluster({ now: () => now, random: countedRandom(), log, ref });
  for (const [i, name] of nodes.entries()) {
    const zone = 'europe-west1-b';
    cluster.apply(
      nodeFor({ project: 'p1', zone, name, pool: 'pool-1', instance: `100${i}`, address: `10.0.0.${i}`, now }),
    );
  }
  cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  return {
    cluster,
    log,
    pass: (ms) => {
      now += ms;
      cluster.settle();
    },
  };
};
