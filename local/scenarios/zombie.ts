import { timeOf } from '../../shared/model/time.ts';
import { SHOP, SHOP_NODES } from '../world/seed.ts';
import { endingMissing, stepsMissing } from './ending.ts';
import type { Scenario } from './scenario.ts';

const [NODE] = SHOP_NODES['europe-west1-b'];

/**
 * A node opens connections that no pod on it explains. Expected end: the host is deleted on request, its disks and
 * snapshots kept.
 */
export const zombie: Scenario = {
  id: 'zombie',
  title: 'A zombie host, deleted on request',
  story: [
    `Node ${NODE} connects to addresses that no pod on it has a reason to use.`,
    'ana@example.com requests its deletion: its disks are kept and snapshots of them are begun before the VM is deleted, and its group creates another.',
  ],
  events: (_, now) => [
    {
      afterMs: 0,
      topic: 'requests',
      body: {
        at: timeOf(now),
        action: 'contain',
        tier: 'delete-host',
        target: { ...SHOP, node: NODE },
        reason: 'it connects to addresses that nothing on it explains',
        requestedBy: 'ana@example.com',
      },
    },
  ],
  missing: (incidents) => {
    const incident = incidents.find(({ target }) => target.node === NODE);
    if (incident === undefined) return [`no incident on node ${NODE} was opened`];
    return [...endingMissing(incident, { verdict: 'act', tier: 'delete-host' }), ...stepsMissing(incident)];
  },
};
