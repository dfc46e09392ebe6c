import { strict as assert } from 'node:assert';
import { keyOfPlace } from '../../../shared/decision/correlate.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import type { PodSubject } from '../../../shared/model/subject.ts';
import { clusterOf } from '../../../shared/model/target.ts';
import { containmentKit, type Kit, openIncident, subjectOf } from '../../kit/containment.ts';
import { deliver } from '../../kit/deliveries.ts';

/** Two pods of one workload on two nodes, with a delete-host goal that was granted for the first pod only. */
const opened = async (otherwise: Goal['otherwise']) => {
  const kit = containmentKit();
  const carts = kit.cluster.list('v1', 'Pod').filter((pod) => pod.metadata.name.startsWith('cart-'));
  const subjects = await Promise.all(carts.map((pod) => subjectOf(kit, pod)));
  const [first = assert.fail()] = subjects;
  const second = subjects.find((s) => s.host?.id !== first.host?.id) ?? assert.fail('all on one node');
  const covers = [{ uid: first.uid, tier: 'delete-host' as const }];
  const goal = { requested: true, covers, ...(otherwise === undefined ? {} : { otherwise }) };
  const incident = await openIncident(kit, 'i-1', [first, second], 'delete-host', goal);
  // No other node serves in their zone, so the budget is lifted.
  const lifted = { by: 'ana@example.com', at: incident.openedAt };
  await kit.ports.stores.incidents.put('i-1', { ...incident, lifted }, incident.rev);
  return { kit, first, second };
};

const isThere = ({ world }: Kit, { host }: PodSubject): boolean =>
  [...world.compute.state.instances.values()].some(({ id }) => id === host?.id);

const spentOn = async ({ ports }: Kit, { host }: PodSubject): Promise<boolean> => {
  const incident = await ports.stores.incidents.get('i-1');
  const cluster = incident === undefined ? undefined : clusterOf(incident.target);
  const budget = cluster === undefined ? undefined : await ports.stores.budgets.get(keyOfPlace(cluster));
  return budget?.spent.some(({ kind, uid }) => kind === 'node' && uid === host?.id) === true;
};

describe("a run whose grant covers only one of the incident's two pods", () => {
  it('deletes the granted node, and neither changes nor reserves anything on the other', async () => {
    const { kit, first, second } = await opened({ tier: 'observe' });
    const { journal, state } = await deliver(kit);
    assert.equal(state, 'contained');
    assert.deepEqual([isThere(kit, first), isThere(kit, second)], [false, true]);
    assert.deepEqual([await spentOn(kit, first), await spentOn(kit, second)], [true, false]);
    assert.ok(!journal.some(({ subject }) => subject === second.host?.node || subject.includes(second.name)));
  });

  it('does and reserves on the other node what the policy decided, and no more than it allows at that moment', async () => {
    for (const [most, steps] of [
      ['delete-host', ['start-snapshots', 'keep-disks', 'cordon-node']],
      ['snapshot', ['start-snapshots']],
    ] as const) {
      const { kit, first, second } = await opened({ tier: 'quarantine' });
      const because = [`at most ${most} now`];
      kit.ports.capOf = ({ goal }) => ({ tier: goal?.requested === true ? 'delete-host' : most, mode: 'act', because });
      const { journal, outbox } = await deliver(kit);
      assert.deepEqual([isThere(kit, first), isThere(kit, second)], [false, true]);
      assert.deepEqual([await spentOn(kit, first), await spentOn(kit, second)], [true, most !== 'snapshot']);
      const done = journal.filter(({ subject }) => subject === second.host?.node);
      assert.deepEqual(
        done.map(({ step, state }) => [step, state]),
        steps.map((step) => [step, 'applied']),
      );
      assert.equal(outbox.at(-1)?.lines.includes('at most snapshot now'), most === 'snapshot');
    }
  });
});
