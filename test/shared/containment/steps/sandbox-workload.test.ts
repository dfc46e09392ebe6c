import { strict as assert } from 'node:assert';
import { run } from '../../../../shared/containment/run.ts';
import { sandboxWorkload } from '../../../../shared/containment/steps/sandbox-workload.ts';
import type { PodSubject, Subject } from '../../../../shared/model/subject.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  changesOf,
  containmentKit,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
  withSandboxPool,
  workloadOf,
} from '../../../kit/containment.ts';
import { carry, releaseStep, rewind, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';
import { loneWorkload } from '../../../kit/workloads.ts';

const sandboxed = (kit: Kit, apiVersion: string, kind: string, name: string) => {
  withSandboxPool(kit);
  return workloadOf(kit, apiVersion, kind, name);
};

const lone = (kit: Kit, apiVersion: string, kind: string, selector: Record<string, unknown>) => {
  withSandboxPool(kit);
  return loneWorkload(kit, apiVersion, kind, { selector });
};

stepContract({
  step: sandboxWorkload,
  arrange: async (kit) => [sandboxed(kit, 'apps/v1', 'Deployment', 'cart')],
  also: [
    async (kit) => [sandboxed(kit, 'apps/v1', 'DaemonSet', 'node-agent')],
    async (kit) => [sandboxed(kit, 'batch/v1', 'CronJob', 'cleanup')],
    async (kit) => [lone(kit, 'apps/v1', 'ReplicaSet', { matchLabels: { app: 'lone' } })],
    async (kit) => [lone(kit, 'apps/v1', 'StatefulSet', { matchLabels: { app: 'lone' } })],
    async (kit) => [lone(kit, 'v1', 'ReplicationController', { app: 'lone' })],
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
  it('changes a workload that was given our mark beforehand', async () => {
    const kit = containmentKit();
    const subject = sandboxed(kit, 'apps/v1', 'Deployment', 'cart');
    const marked = { 'firebreak.dev/sandbox-workload': STEP_INCIDENT };
    const ref = { ...subject.owner, namespace: 'shop' };
    kit.cluster.edit(ref, ({ metadata }) => Object.assign(metadata, { annotations: marked }), STRANGER);
    await openIncident(kit, STEP_INCIDENT, [subject], 'redeploy', { options: { sandbox: true } });
    const [carried] = await carry(kit, sandboxWorkload);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
  });

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

  const CART = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
  const template = (draft: { spec?: Record<string, unknown> | undefined }) => Object(draft.spec?.template);
  const classOf = (kit: Kit): unknown => template(kit.cluster.get(CART) ?? assert.fail()).spec.runtimeClassName;
  const setClass = (kit: Kit, runtimeClassName: string, annotations?: Record<string, string>) =>
    kit.cluster.edit(
      CART,
      (draft) => {
        const { spec, ...rest } = template(draft);
        draft.spec = { ...draft.spec, template: { ...rest, spec: { ...spec, runtimeClassName } } };
        if (annotations !== undefined) draft.metadata.annotations = annotations;
      },
      STRANGER,
    );
  const onCart = async () => {
    const kit = containmentKit();
    withSandboxPool(kit);
    const subject = workloadOf(kit, 'apps/v1', 'Deployment', 'cart');
    await openIncident(kit, STEP_INCIDENT, [subject], 'redeploy');
    return { kit, subject };
  };

  it('changes nothing where somebody has asked for the sandbox already, and a release leaves that', async () => {
    const { kit } = await onCart();
    setClass(kit, 'gvisor');
    const [carried] = await carry(kit, sandboxWorkload);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['skipped', 'proven']);
    await releaseStep(kit, sandboxWorkload);
    assert.deepEqual([classOf(kit), changesOf(kit)], ['gvisor', []]);
  });

  it('takes the sandbox out again that another incident has put there, once both are released', async () => {
    const { kit, subject } = await onCart();
    await openIncident(kit, 'i-0', [subject], 'redeploy', { options: { sandbox: true } });
    await kit.clock.drive(run(kit.ports, 'i-0'));
    assert.equal(classOf(kit), 'gvisor');
    const [carried] = await carry(kit, sandboxWorkload);
    assert.equal(carried?.entry.state, 'applied');
    await releaseStep(kit, sandboxWorkload);
    assert.equal(classOf(kit), 'gvisor');
    await setGoal(kit, 'i-0', 'released');
    await kit.clock.drive(run(kit.ports, 'i-0'));
    assert.equal(classOf(kit), undefined);
  });

  it('says that somebody changed the class after it, on a replay and on a release', async () => {
    const { kit } = await onCart();
    const [carried] = await carry(kit, sandboxWorkload);
    assert.ok(carried);
    setClass(kit, 'kata');
    await rewind(kit, carried.bound, carried.open);
    const [again] = await carry(kit, sandboxWorkload);
    assert.match(again?.entry.because ?? '', /someone changed the runtime class after us; that is left as it is/);
    const [released] = await releaseStep(kit, sandboxWorkload);
    assert.deepEqual(
      [released?.state, released?.because],
      ['undone', 'someone changed it after us; their value stays'],
    );
    assert.equal(classOf(kit), 'kata');
  });

  it('leaves the workload as it is on a release where its mark was taken away', async () => {
    const { kit } = await onCart();
    await carry(kit, sandboxWorkload);
    setClass(kit, 'gvisor', {});
    const [released] = await releaseStep(kit, sandboxWorkload);
    assert.match(released?.because ?? '', /our mark is not on it: it is left as it is/);
    assert.equal(classOf(kit), 'gvisor');
  });
});
