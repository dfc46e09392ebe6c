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

/** The simulated controllers, in the order in which each acts once per round. */
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
/** Controllers that may act because time has passed, although no object has changed. */
const TIMED: ReadonlyArray<(context: Context) => void> = [syncNodes, syncKubelets];
const ROUNDS = 50;
/** The shortest time in ms between two checks for changes that only time causes. */
const LOOK_MS = 200;

/**
 * Runs the controllers until nothing changes any more; throws if they never come to rest, which is a bug here. Does
 * nothing if no object has changed and hardly any time has passed, unless `anew` says that the reality behind the
 * objects has changed.
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
