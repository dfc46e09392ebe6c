import { cordonNode } from '../../../../shared/containment/steps/cordon-node.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf } from '../../../kit/containment.ts';
import { STRANGER } from '../../../kit/step.ts';

stepContract({
  step: cordonNode,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: (kit) => {
    for (const node of kit.cluster.list('v1', 'Node'))
      if (node.spec?.unschedulable === true)
        kit.cluster.edit(
          { apiVersion: 'v1', kind: 'Node', name: node.metadata.name },
          (draft) => {
            draft.spec = { ...draft.spec, unschedulable: false };
          },
          STRANGER,
        );
  },
});
