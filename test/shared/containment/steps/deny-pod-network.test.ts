import { strict as assert } from 'node:assert';
import { denyPodNetwork } from '../../../../shared/containment/steps/deny-pod-network.ts';
import { stepContract } from '../../../contracts/step.ts';
import { containmentKit, type Kit, openIncident, podNamed, subjectOf } from '../../../kit/containment.ts';
import { deliver } from '../../../kit/deliveries.ts';
import { STRANGER } from '../../../kit/step.ts';

/** The subject of an incident in a namespace that is deleted with all that is in it. */
const fromDeleted = async (kit: Kit) => {
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  kit.cluster.drop({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' });
  await kit.clock.advance(120_000);
  kit.world.settle();
  return [subject];
};

stepContract({
  step: denyPodNetwork,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [fromDeleted],
  stranger: (kit) =>
    kit.cluster.drop(
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        namespace: 'shop',
        name: 'firebreak-quarantine',
      },
      STRANGER,
    ),
  madeAgain: {
    state: 'applied',
    because: 'it concerns only pods with our label, whichever namespace of that name it is',
  },
});

describe('containment/steps/deny-pod-network', () => {
  it('is skipped where the namespace is deleted, and containment ends', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', await fromDeleted(kit), 'isolate');
    const incident = await deliver(kit);
    assert.equal(incident.state, 'contained');
    const entry = incident.journal.find((e) => e.step === 'deny-pod-network');
    assert.equal(entry?.state, 'skipped');
    assert.match(entry.because ?? '', /^its pods are gone, and the policy was refused: .*namespaces "shop" not found/);
  });
});
