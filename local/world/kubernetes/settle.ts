import type { Context } from './context.ts';
import { syncAccounts } from './controllers/accounts.ts';
import { collectGarbage } from './controllers/collector.ts';
import { syncDaemonSets } from './controllers/daemonset.ts';
import { syncDeployments } from './controllers/deployment.ts';
import { syncBudgets } from './controllers/disruption.ts';
import { syncEndpoints } from './controllers/endpoints.ts';
import { syncJobs } from './controllers/job.ts';
import { syncKubelets } from './controllers/kubelet.ts';
import { syncReplicaSets } from './controllers/replicaset.ts';
import { schedule } from './controllers/scheduler.ts';
import { syncStatefulSets } from './controllers/statefulset.ts';
import { syncNodes } from './controllers/taints.ts';

/** The played controllers, in the order in which one round lets each of them act once. */
const CONTROLLERS: ReadonlyArray<(context: Context) => void> = [
  syncAccounts,
  collectGarbage,
  syncDeployments,
  syncReplicaSets,
  syncStatefulSets,
  syncDaemonSets,
  syncJobs,
  syncNodes,
  schedule,
  syncKubelets,
  syncEndpoints,
  syncBudgets,
];
/** Those that time alone can move, where no object has changed. */
const TIMED: ReadonlyArray<(context: Context) => void> = [syncNodes, syncKubelets];
const ROUNDS = 50;
/** What only time brings about is looked for no more often than this. */
const LOOK_MS = 200;

/**
 * Lets the controllers act until nothing changes any more; throws where they never come to rest (a mistake here).
 * Nothing is done where no object has changed since and hardly any time has gone by, unless `anew` says that reality has.
 */
export const makeSettle = (context: Context): ((anew?: boolean) => void) => {
  let restedAt: { version: number; now: number } | undefined;
  return (anew = false) => {
    const now = context.now();
    if (!anew && restedAt?.version === context.store.version()) {
      if (now >= restedAt.now && now < restedAt.now + LOOK_MS) return;
      for (const act of TIMED) act(context);
      if (restedAt.version === context.store.version()) {
        restedAt = { version: restedAt.version, now };
        return;
      }
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = context.store.version();
      for (const act of CONTROLLERS) act(context);
      if (context.store.version() === before) {
        restedAt = { version: before, now };
        return;
      }
    }
    throw new Error(`The played controllers do not come to rest after ${ROUNDS} rounds: two of them undo each other.`);
  };
};
