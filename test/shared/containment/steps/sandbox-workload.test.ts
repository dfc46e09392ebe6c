import { sandboxWorkload } from '../../../../shared/containment/steps/sandbox-workload.ts';
import { stepContract } from '../../../contracts/step.ts';
import { type Kit, withSandboxPool, workloadOf } from '../../../kit/containment.ts';
import { STRANGER } from '../../../kit/step.ts';

const sandboxed = (kit: Kit, apiVersion: string, kind: string, name: string) => {
  withSandboxPool(kit);
  return workloadOf(kit, apiVersion, kind, name);
};

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
  return sandboxed(kit, apiVersion, kind, 'lone');
};

stepContract({
  step: sandboxWorkload,
  arrange: async (kit) => {
    withSandboxPool(kit);
    return [workloadOf(kit, 'apps/v1', 'Deployment', 'cart')];
  },
  also: [
    async (kit) => [sandboxed(kit, 'apps/v1', 'DaemonSet', 'node-agent')],
    async (kit) => [sandboxed(kit, 'batch/v1', 'CronJob', 'cleanup')],
    async (kit) => [added(kit, 'apps/v1', 'ReplicaSet', { matchLabels: { app: 'lone' } })],
    async (kit) => [added(kit, 'apps/v1', 'StatefulSet', { matchLabels: { app: 'lone' } })],
    async (kit) => [added(kit, 'v1', 'ReplicationController', { app: 'lone' })],
  ],
  stranger: (kit) => {
    kit.cluster.edit(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' },
      (draft) => {
        const template = draft.spec?.template;
        if (
          typeof template === 'object' &&
          template !== null &&
          'spec' in template &&
          typeof template.spec === 'object'
        )
          draft.spec = {
            ...draft.spec,
            template: { ...template, spec: { ...template.spec, runtimeClassName: 'kata' } },
          };
      },
      STRANGER,
    );
  },
});
