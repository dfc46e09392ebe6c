import { denyPodNetwork } from '../../../../shared/containment/steps/deny-pod-network.ts';
import { quarantinePod } from '../../../../shared/containment/steps/quarantine-pod.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';
import { STRANGER } from '../../../kit/step.ts';

stepContract({
  step: quarantinePod,
  first: [denyPodNetwork],
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [async (kit) => [await subjectOf(kit, podNamed(kit, 'payments', 'ledger'))]],
  stranger: (kit) => {
    for (const pod of kit.cluster.list('v1', 'Pod', 'shop'))
      if (pod.metadata.labels?.quarantine === 'true')
        kit.cluster.edit(
          { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name },
          (draft) => {
            draft.metadata.labels = {};
          },
          STRANGER,
        );
  },
});
