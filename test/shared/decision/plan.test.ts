import { strict as assert } from 'node:assert';
import { planOf } from '../../../shared/decision/plan.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import { keyOf } from '../../../shared/model/entry.ts';
import { TIERS, type Tier } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { containmentKit, openIncident, subjectOf } from '../../kit/containment.ts';

const SITUATION = { networkPolicy: true };

const goal = (tier: Tier, rev: number): Goal => ({
  rev,
  tier,
  by: 'policy',
  mode: 'act',
  at: '2026-03-02T03:00:00.000Z',
  requested: false,
});

/** An incident on one pod of a workload, and the same incident once a pod on another node has joined. */
const twoNodes = async (): Promise<{ one: Incident; both: Incident }> => {
  const kit = containmentKit();
  const carts = kit.cluster.list('v1', 'Pod').filter((pod) => pod.metadata.name.startsWith('cart-'));
  const subjects = await Promise.all(carts.map((pod) => subjectOf(kit, pod)));
  const [first = assert.fail()] = subjects;
  const second = subjects.find((s) => s.host?.id !== first.host?.id) ?? assert.fail('all on one node');
  const one = await openIncident(kit, 'i-1', [first], 'quarantine');
  return { one, both: { ...one, subjects: [first, second] } };
};

describe('decision/plan', () => {
  it('makes a planned deletion wait for the disks of a pod that joined since, whatever the new goal', async () => {
    const { one, both } = await twoNodes();
    const plan = planOf(one, 'delete-workload', goal('delete-workload', 1), SITUATION);
    for (const tier of TIERS) {
      const next = planOf({ ...both, plan }, tier, goal(tier, 2), SITUATION);
      const deletion = next.find(({ step }) => step === 'delete-workload') ?? assert.fail(tier);
      const gates = next.flatMap((item) => (item.step === 'snapshots-ready' ? [keyOf(item)] : []));
      assert.equal(new Set(gates).size, 2, tier);
      assert.deepEqual(deletion.after.toSorted(), [...new Set(gates)].toSorted(), tier);
    }
  });

  it('adds with the unfinished steps of a former goal no step that neither goal has by itself', async () => {
    const { both } = await twoNodes();
    for (const higher of TIERS) {
      const before = planOf(both, higher, goal(higher, 1), SITUATION);
      for (const lower of TIERS) {
        const alone = planOf(both, lower, goal(lower, 2), SITUATION);
        const known = new Set([...before, ...alone].map(keyOf));
        const next = planOf({ ...both, plan: before }, lower, goal(lower, 2), SITUATION);
        const fresh = next.filter((item) => !known.has(keyOf(item)) && item.step !== 'snapshots-ready');
        assert.deepEqual(fresh, [], `${higher} then ${lower}`);
        assert.equal(new Set(next.map(keyOf)).size, next.length, `${higher} then ${lower}`);
        for (const item of next)
          for (const key of item.after)
            assert.ok(
              next.some((other) => keyOf(other) === key),
              `${key} is in the plan`,
            );
      }
    }
  });
});
