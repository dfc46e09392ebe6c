import type { Goal } from '../../shared/model/decision.ts';
import { containmentKit, neighboursIn, openIncident, vmOf } from './containment.ts';

/** Two workloads on one node, each with an incident of its own. */
export const neighbours = async (first: Goal['tier'], options?: Goal['options']) => {
  const kit = containmentKit();
  const { cart, other, host } = await neighboursIn(kit);
  await openIncident(kit, 'i-1', [cart], first, options === undefined ? {} : { options });
  return {
    kit,
    cart,
    openSecond: async () => openIncident(kit, 'i-2', [other], 'isolate'),
    holders: async () => (await kit.ports.stores.hosts.get(host.id))?.holders,
    tags: () => vmOf(kit, host)?.tags.items,
    isCordoned: () => kit.cluster.list('v1', 'Node').some((node) => node.spec?.unschedulable === true),
  };
};
