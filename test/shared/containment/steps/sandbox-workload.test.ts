import { strict as assert } from 'node:assert';
import { sandboxWorkload } from '../../../../shared/containment/steps/sandbox-workload.ts';
import type { PodSubject, Subject } from '../../../../shared/model/subject.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  changesOf,
  containmentKit,
  type Kit,
  openIncident,
  podNamed,
  subjectOf,
  withSandboxPool,
  workloadOf,
} from '../../../kit/containment.ts';
import { carry, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';

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

const refusedFor = async (arrange: (kit: Kit) => Promise<Subject>): Promise<string> => {
  const kit = containmentKit();
  await openIncident(kit, STEP_INCIDENT, [await arrange(kit)], 'redeploy');
  const [carried] = await carry(kit, sandboxWorkload);
  assert.equal(carried?.entry.state, 'refused');
  assert.deepEqual(changesOf(kit), []);
  return carried?.entry.because ?? '';
};

describe('containment/steps/sandbox-workload', () => {
  it('is refused without a sandbox node pool, because the pods would stay Pending for ever', async () => {
    assert.match(
      await refusedFor(async (kit) => workloadOf(kit, 'apps/v1', 'Deployment', 'cart')),
      /no node pool of the cluster has GKE Sandbox.*Pending/,
    );
  });

  it('is refused for host network, privileges, Windows, and the fixed template of a Job', async () => {
    const cart = async (kit: Kit, extra: Partial<PodSubject>) => {
      withSandboxPool(kit);
      return subjectOf(kit, podNamed(kit, 'shop', 'cart'), extra);
    };
    assert.match(await refusedFor((kit) => cart(kit, { hostNetwork: true })), /use the host/);
    assert.match(await refusedFor((kit) => cart(kit, { hostReach: true })), /privileged or use the host/);
    assert.match(await refusedFor((kit) => cart(kit, { windows: true })), /not run Windows/);
    assert.match(
      await refusedFor(async (kit) => sandboxed(kit, 'batch/v1', 'Job', 'nightly-report')),
      /template of a Job cannot be changed/,
    );
  });

  it('makes the new pods run in the sandbox', async () => {
    const kit = containmentKit();
    withSandboxPool(kit);
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'redeploy');
    await carry(kit, sandboxWorkload);
    await kit.clock.advance(5_000);
    kit.world.settle();
    const fresh = kit.cluster.list('v1', 'Pod', 'shop').filter((p) => p.spec?.runtimeClassName === 'gvisor');
    assert.ok(fresh.length > 0);
  });
});
