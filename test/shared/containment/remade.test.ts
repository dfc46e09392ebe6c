import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { QUARANTINE_TAG } from '../../../shared/containment/quarantine-rules.ts';
import { subjectsWith } from '../../../shared/decision/merge.ts';
import { containmentKit, incidentOf, openIncident, podNamed, subjectOf, vmOf } from '../../kit/containment.ts';
import { deliver, reach } from '../../kit/deliveries.ts';

describe('a pod that lives on after its VM was made again for the same Node', () => {
  it('is contained on the new VM once it is seen there, and a release takes back what was done on either', async () => {
    const kit = containmentKit();
    const pod = podNamed(kit, 'shop', 'cart');
    const subject = await subjectOf(kit, pod);
    const { node, project, zone } = subject.host ?? assert.fail();
    await openIncident(kit, 'i-1', [subject], 'quarantine');
    await deliver(kit);
    kit.cluster.reality.remade.add(node);
    kit.world.compute.stranger.recreate(`projects/${project}/zones/${zone}/instances/${node}`);
    await kit.clock.advance(60_000);
    kit.world.settle();
    const again = await subjectOf(kit, pod);
    assert.notEqual(again.host?.id, subject.host?.id);
    const known = await incidentOf(kit, 'i-1');
    const subjects = subjectsWith(known.subjects, [again]);
    await kit.ports.stores.incidents.put('i-1', { ...known, subjects }, known.rev);
    await reach(kit, 'i-1', 'isolate');
    assert.equal(vmOf(kit, again.host)?.tags.items?.includes(QUARANTINE_TAG), true);
    const released = await reach(kit, 'i-1', 'released');
    assert.equal(released.state, 'released');
    const unknown = released.journal.filter((e) => /does not know how to undo/.test(e.because ?? ''));
    assert.deepEqual(unknown, []);
    assert.equal(vmOf(kit, again.host)?.tags.items?.includes(QUARANTINE_TAG), false);
    const left = kit.cluster.get({ apiVersion: 'v1', kind: 'Node', name: node });
    assert.notEqual(left?.spec?.unschedulable, true);
    for (const id of [subject.host?.id, again.host?.id])
      assert.deepEqual((await kit.ports.stores.hosts.get(id ?? ''))?.holders, []);
  });
});
