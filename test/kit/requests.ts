import type { Incident } from '../../shared/model/incident.ts';
import { findingOn, type Kit, podNamed, targetOf } from './decision.ts';

/** Who asks, as claimed, and why. */
export const ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com' };

/** A pod of the shop's cart. */
export const cart = (kit: Kit) => podNamed(kit, 'shop', 'cart-');

/** A request of ana's to isolate it. */
export const contain = (kit: Kit, over: object = {}) => ({
  action: 'contain',
  tier: 'isolate',
  target: targetOf(cart(kit)),
  ...ANA,
  ...over,
});

/** How many incidents were handed to contain. */
export const containments = (kit: Kit): number => kit.published.filter((p) => p.topic === 'containment').length;

/** The incident with this id, which must be there. */
export const incidentWith = async (kit: Kit, id: string | undefined): Promise<Incident> => {
  const found = id === undefined ? undefined : await kit.ports.stores.incidents.get(id);
  if (found === undefined) throw new Error(`there is no incident ${id}`);
  return found;
};

/** Decides a finding on the pod that asks for delete-workload. */
export const asking = async (kit: Kit): Promise<Incident> => {
  await kit.decide(findingOn(kit, targetOf(cart(kit)), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }));
  return kit.incident();
};
