import { denyPodNetwork } from '../../../../shared/containment/steps/deny-pod-network.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';
import { STRANGER } from '../../../kit/step.ts';

stepContract({
  step: denyPodNetwork,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
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
