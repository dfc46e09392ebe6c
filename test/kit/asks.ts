import { strict as assert } from 'node:assert';
import type { Finding } from '../../shared/model/finding.ts';
import type { Incident } from '../../shared/model/incident.ts';
import { timeOf } from '../../shared/model/time.ts';
import type { IdentityVerifier } from '../../shared/ports.ts';
import { decisionKit, findingOn, type Kit, podsNamed, targetOf } from './decision.ts';

/** Accepts tokens of the form `of EMAIL`, all of example.com, which runs these accounts. */
export const verifier: IdentityVerifier = {
  verify: async (idToken) => ({ email: idToken.slice(3), domain: 'example.com' }),
};

/** Two operators, with their tokens. */
export const BY_ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com', idToken: 'of ana@example.com' };
export const BY_BOB = { reason: 'agreed', requestedBy: 'bob@example.com', idToken: 'of bob@example.com' };
/** A finding that asks for delete-workload. */
export const MINER = { rule: 'exec-miner', severity: 'critical', confidence: 0.95 } as const;

/** A kit under a policy that acts, in which identities are proven. */
export const verifiedKit = (policy = ''): Kit => {
  const kit = decisionKit(`mode: act\n${policy}`);
  Object.assign(kit.ports, { verifier });
  return kit;
};

/** Decides a finding on the first pod of the shop's cart. */
export const see = (kit: Kit, over: Partial<Finding> = {}): Promise<void> =>
  kit.decide(findingOn(kit, targetOf(podsNamed(kit, 'shop', 'cart-')[0] ?? assert.fail()), over));

/** The hash of the plan that is asked for. */
export const planOf = ({ decision }: Incident): string => decision?.asked?.plan ?? assert.fail('nothing is asked');

/** A request to approve a plan, bob's by default. */
export const approve = ({ id }: Incident, plan: string, over: object = BY_BOB) => ({
  action: 'approve',
  incident: id,
  plan,
  ...over,
});

/** Holds the incident as contain does when a budget is used up, and returns it with the ask that the tick makes. */
export const heldBack = async (kit: Kit): Promise<Incident> => {
  const { id } = await kit.incident();
  await kit.carryOut(id);
  const known = await kit.incident();
  const held = { because: 'the budget is full', at: timeOf(kit.clock.now()), budget: true as const };
  await kit.ports.stores.incidents.put(id, { ...known, held, dueAt: held.at }, known.rev);
  await kit.tick();
  return kit.incident();
};
