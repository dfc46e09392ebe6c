import { strict as assert } from 'node:assert';
import { freezeWorkload } from '../../../../shared/containment/steps/freeze-workload.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  CONTAIN,
  containmentKit,
  type Kit,
  openIncident,
  podNamed,
  subjectOf,
  workloadOf as workload,
} from '../../../kit/containment.ts';
import { carry, STEP_INCIDENT, STRANGER, verifyAgain } from '../../../kit/step.ts';

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

describe('containment/steps/freeze-workload', () => {
  it('refuses a custom kind that has the name of a built-in kind', async () => {
    const kit = containmentKit();
    kit.cluster.apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'deployments.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'deployments', kind: 'Deployment' },
        versions: [{ name: 'v1', served: true, storage: true }],
      },
    });
    kit.cluster.rbac.grant(CONTAIN, { verbs: ['get', 'patch'], groups: ['example.com'], resources: ['deployments'] });
    kit.cluster.apply({
      apiVersion: 'example.com/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
    });
    await openIncident(kit, STEP_INCIDENT, [workload(kit, 'example.com/v1', 'Deployment', 'web')], 'quarantine', {
      options: { freeze: true },
    });
    const [carried] = await carry(kit, freezeWorkload);
    assert.equal(carried?.entry.state, 'refused', carried?.entry.because);
  });

  it('is not proven for a CronJob while a Job of it goes on to make pods', async () => {
    const kit = containmentKit();
    const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop', name: 'cleanup-1' };
    const { uid, name } = workload(kit, 'batch/v1', 'CronJob', 'cleanup').owner;
    kit.cluster.apply({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: ref.name,
        namespace: 'shop',
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }],
      },
      spec: {
        template: {
          spec: { restartPolicy: 'Never', containers: [{ name: 'cleanup', image: 'shop.example.com/cleanup:1.0.0' }] },
        },
      },
    });
    kit.world.settle();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cleanup-1'));
    assert.deepEqual(
      subject.owners.map(({ kind }) => kind),
      ['Job', 'CronJob'],
    );
    await openIncident(kit, STEP_INCIDENT, [subject], 'quarantine', { options: { freeze: true } });
    const [carried] = await carry(kit, freezeWorkload);
    assert.ok(carried);
    assert.deepEqual([carried.entry.state, carried.entry.proof], ['applied', 'not proven']);
    assert.match(carried.entry.because ?? '', /but Job cleanup-1 may still make pods: suspend it by hand/);
    kit.cluster.edit(ref, (draft) => {
      draft.status = { ...draft.status, conditions: [{ type: 'Complete', status: 'True' }] };
    });
    assert.equal((await verifyAgain(kit, carried)).proof, 'proven');
  });
});
