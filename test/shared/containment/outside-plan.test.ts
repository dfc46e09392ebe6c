import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import type { Goal } from '../../../shared/model/decision.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { containmentKit, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';
import { deliver, reach } from '../../kit/deliveries.ts';

const told = ({ journal }: Incident, step: string) => {
  const { state, proof, because } = journal.find((e) => e.step === step) ?? assert.fail(step);
  return { state, proof, because };
};

/**
 * An isolated pod whose incident was closed; people took the cut and the quarantine back; a snapshot is taken again.
 */
const takenBack = async (goal: Partial<Goal> = {}) => {
  const kit = containmentKit();
  const pod = podNamed(kit, 'shop', 'cart');
  await openIncident(kit, 'i-1', [await subjectOf(kit, pod)], 'isolate');
  await deliver(kit, 'i-1');
  const { subjects } = await reach(kit, 'i-1', 'closed');
  const { compute } = kit.world;
  const url = [...compute.state.instances].find(([, { name }]) => name === pod.spec?.nodeName)?.[0] ?? '';
  compute.stranger.setTags(url, ['gke-c1-node']);
  kit.cluster.edit(
    { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name },
    ({ metadata }) => delete metadata.labels?.quarantine,
    'stranger',
  );
  const next = await openIncident(kit, 'i-2', subjects, 'snapshot', goal);
  await kit.ports.stores.incidents.put('i-2', { ...next, takesOver: 'i-1' }, next.rev);
  return { kit, incident: await deliver(kit, 'i-2') };
};

describe('what was taken over and lies above the tier of the goal', () => {
  it('is told as proven only if people have not taken it back', async () => {
    const { incident } = await takenBack();
    const [cut, quarantine] = ['deny-node-network', 'quarantine-pod'].map((step) => told(incident, step));
    assert.deepEqual([cut?.state, cut?.proof], ['applied', 'not proven']);
    assert.match(cut?.because ?? '', /the tag .* was removed again, and it is above the tier of the goal$/);
    assert.deepEqual([quarantine?.state, quarantine?.proof], ['applied', 'not proven']);
    assert.equal(told(incident, 'cordon-node').proof, 'proven');
  });

  it('is told as proven in a dry run of its own tier only if people have not taken it back', async () => {
    const { incident } = await takenBack({ tier: 'isolate', mode: 'dry-run' });
    const cut = told(incident, 'deny-node-network');
    assert.deepEqual([cut.state, cut.proof], ['applied', 'not proven']);
    assert.match(cut.because ?? '', /and a dry run does not make it again$/);
    assert.equal(told(incident, 'cordon-node').proof, 'proven');
  });

  it('is made again under a goal that has it', async () => {
    const { kit } = await takenBack();
    const incident = await reach(kit, 'i-2', 'isolate');
    for (const step of ['deny-node-network', 'quarantine-pod', 'cordon-node'])
      assert.equal(told(incident, step).proof, 'proven', step);
  });
});
