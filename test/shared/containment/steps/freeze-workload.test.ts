import { freezeWorkload } from '../../../../shared/containment/steps/freeze-workload.ts';
import { stepContract } from '../../../contracts/step.ts';
import { type Kit, workloadOf as workload } from '../../../kit/containment.ts';
import { STRANGER } from '../../../kit/step.ts';

const added = (kit: Kit, apiVersion: string, kind: string, selector: Record<string, unknown>) => {
  const template = {
    metadata: { labels: { app: 'lone' } },
    spec: { containers: [{ name: 'lone', image: 'shop.example.com/lone:1' }] },
  };
  kit.cluster.apply({
    apiVersion,
    kind,
    metadata: { name: 'lone', namespace: 'shop' },
    spec: { replicas: 1, selector, template },
  });
  return workload(kit, apiVersion, kind, 'lone');
};

stepContract({
  step: freezeWorkload,
  arrange: async (kit) => [workload(kit, 'apps/v1', 'Deployment', 'cart')],
  also: [
    async (kit) => [workload(kit, 'apps/v1', 'DaemonSet', 'node-agent')],
    async (kit) => [workload(kit, 'batch/v1', 'Job', 'nightly-report')],
    async (kit) => [workload(kit, 'batch/v1', 'CronJob', 'cleanup')],
    async (kit) => [added(kit, 'apps/v1', 'ReplicaSet', { matchLabels: { app: 'lone' } })],
    async (kit) => [added(kit, 'v1', 'ReplicationController', { app: 'lone' })],
  ],
  stranger: (kit) => {
    kit.cluster.edit(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' },
      (draft) => {
        draft.spec = { ...draft.spec, replicas: 5 };
      },
      STRANGER,
    );
  },
});
