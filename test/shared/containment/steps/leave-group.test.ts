import { strict as assert } from 'node:assert';
import { leaveGroup } from '../../../../shared/containment/steps/leave-group.ts';
import { stepContract } from '../../../contracts/step.ts';
import { containmentKit, openIncident, podNamed, regionalSubject, subjectOf } from '../../../kit/containment.ts';
import { carry, STEP_INCIDENT } from '../../../kit/step.ts';

stepContract({
  step: leaveGroup,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [regionalSubject],
  stranger: { because: 'a VM that has left its group cannot be put back' },
});

describe('containment/steps/leave-group', () => {
  it('is done where only the label of the node is refused, and says so', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    kit.cluster.faults.add({ verb: 'patch', kind: 'Node', times: 1_000_000, fault: '403' });
    const [carried] = await carry(kit, leaveGroup);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven']);
    assert.match(carried?.entry.because ?? '', /one node more than its pool counts; the node is not labelled: .*403/);
  });

  it('fails with the reason, and says that the VM will be rebuilt, where the group refuses for good', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    const method = 'InstanceGroupManagers.AbandonInstances';
    kit.world.compute.script({ method, kind: 'refuse', status: 400, reason: 'invalid', message: 'not this one' });
    const [carried] = await carry(kit, leaveGroup);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /not this one; auto-repair will rebuild the VM/);
  });
});
