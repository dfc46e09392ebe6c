import { deleteWorkload } from '../../../../shared/containment/steps/delete-workload.ts';
import { stepContract } from '../../../contracts/step.ts';
import { podNamed, subjectOf, workloadOf } from '../../../kit/containment.ts';
import { STRANGER } from '../../../kit/step.ts';

stepContract({
  step: deleteWorkload,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'nightly-report'))],
    async (kit) => {
      kit.cluster.apply({
        apiVersion: 'v1',
        kind: 'ReplicationController',
        metadata: { name: 'lone', namespace: 'shop' },
        spec: { replicas: 0, selector: { app: 'lone' }, template: {} },
      });
      return [workloadOf(kit, 'v1', 'ReplicationController', 'lone')];
    },
  ],
  stranger: (kit) => {
    const template = {
      metadata: { labels: { app: 'cart' } },
      spec: { containers: [{ name: 'cart', image: 'x.example.com/cart:1' }] },
    };
    kit.cluster.apply(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'cart', namespace: 'shop' },
        spec: { replicas: 1, selector: { matchLabels: { app: 'cart' } }, template },
      },
      STRANGER,
    );
  },
});
