import { strict as assert } from 'node:assert';
import { isDeepStrictEqual } from 'node:util';
import { run } from '../../../../shared/containment/run.ts';
import { freezeWorkload } from '../../../../shared/containment/steps/freeze-workload.ts';
import { quarantinePod } from '../../../../shared/containment/steps/quarantine-pod.ts';
import type { WorkloadSubject } from '../../../../shared/model/subject.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  CONTAIN,
  changesOf,
  containmentKit,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
  workloadOf as workload,
} from '../../../kit/containment.ts';
import { carry, releaseStep, rewind, STEP_INCIDENT, STRANGER, verifyAgain } from '../../../kit/step.ts';
import { loneWorkload, serveKind } from '../../../kit/workloads.ts';

stepContract({
  step: freezeWorkload,
  first: [quarantinePod],
  arrange: async (kit) => [workload(kit, 'apps/v1', 'Deployment', 'cart')],
  also: [
    async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
    async (kit) => [workload(kit, 'apps/v1', 'DaemonSet', 'node-agent')],
    async (kit) => [workload(kit, 'batch/v1', 'Job', 'nightly-report')],
    async (kit) => [workload(kit, 'batch/v1', 'CronJob', 'cleanup')],
    async (kit) => [loneWorkload(kit, 'apps/v1', 'ReplicaSet', { selector: { matchLabels: { app: 'lone' } } })],
    async (kit) => [loneWorkload(kit, 'v1', 'ReplicationController', { selector: { app: 'lone' } })],
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

/** A value without its empty objects: the API leaves an empty node selector behind. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? false, (_, inner) => (isDeepStrictEqual(inner, {}) ? undefined : inner)));

describe('containment/steps/freeze-workload', () => {
  it('refuses a custom kind that has the name of a built-in kind', async () => {
    const kit = containmentKit();
    serveKind(kit, { group: 'example.com', kind: 'Deployment', plural: 'deployments' });
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
    assert.match(
      carried?.entry.because ?? '',
      /no known way to stop a Deployment that its own operator would not undo/,
    );
  });

  for (const isStopped of [true, false])
    it(`is not proven for a CronJob ${isStopped ? 'that was stopped already ' : ''}while a Job of it goes on to make pods`, async () => {
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
            spec: {
              restartPolicy: 'Never',
              containers: [{ name: 'cleanup', image: 'shop.example.com/cleanup:1.0.0' }],
            },
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
      if (isStopped)
        kit.cluster.edit({ ...ref, kind: 'CronJob', name }, (draft) => {
          draft.spec = { ...draft.spec, suspend: true };
        });
      const [carried] = await carry(kit, freezeWorkload);
      assert.ok(carried);
      assert.deepEqual([carried.entry.state, carried.entry.proof], [isStopped ? 'skipped' : 'applied', 'not proven']);
      assert.match(carried.entry.because ?? '', /but Job cleanup-1 may still make pods: suspend it by hand/);
      const proofWith = async (conditions: object[], suspend = false) => {
        kit.cluster.edit(ref, (draft) => {
          draft.spec = { ...draft.spec, suspend };
          draft.status = { ...draft.status, conditions };
        });
        return (await verifyAgain(kit, carried)).proof;
      };
      for (const type of ['Complete', 'Failed']) {
        assert.equal(await proofWith([{ type, status: 'True' }]), 'proven', type);
        assert.equal(await proofWith([{ type, status: 'False' }]), 'not proven', `not ${type}`);
      }
      // Conditions that come before the Job is over: pods of it still run.
      for (const type of ['FailureTarget', 'CompletePending', 'NotFailed', 'Suspended'])
        assert.equal(await proofWith([{ type, status: 'True' }]), 'not proven', type);
      assert.equal(await proofWith([], true), 'proven', 'it is suspended');
      assert.equal(await proofWith([]), 'not proven');
      kit.cluster.drop(ref);
      assert.equal((await verifyAgain(kit, carried)).proof, 'proven', 'it is gone');
    });

  it('is not proven for a CronJob while a Job of it goes on that has no pod in the incident', async () => {
    const kit = containmentKit();
    const subject = workload(kit, 'batch/v1', 'CronJob', 'cleanup');
    const { apiVersion, kind, name, uid } = subject.owner;
    const jobOf = (job: string, owner: string) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: job,
        namespace: 'shop',
        ownerReferences: [{ apiVersion, kind, name, uid: owner, controller: true }],
      },
      spec: {
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'shop.example.com/c:1' }] } },
      },
    });
    for (const [job, type] of [
      ['cleanup-5', 'Complete'],
      ['cleanup-6', 'Failed'],
    ] as const) {
      kit.cluster.apply(jobOf(job, uid));
      kit.cluster.edit({ apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop', name: job }, (draft) => {
        draft.status = { conditions: [{ type, status: 'True' }] };
      });
    }
    kit.cluster.apply(jobOf('cleanup-7', uid));
    kit.cluster.apply(jobOf('another-1', 'f0000000-0000-4000-8000-000000000000'));
    await openIncident(kit, STEP_INCIDENT, [subject], 'quarantine', { options: { freeze: true } });
    const [carried] = await carry(kit, freezeWorkload);
    assert.ok(carried);
    assert.deepEqual([carried.entry.state, carried.entry.proof], ['applied', 'not proven']);
    assert.match(
      carried.entry.because ?? '',
      /no more Jobs, but Job cleanup-7 may still make pods: suspend it by hand/,
    );
    kit.cluster.rbac.revoke(CONTAIN);
    for (const { group, resource, verbs } of freezeWorkload.permissions.rbac)
      if (resource !== 'jobs' || !verbs.includes('list'))
        kit.cluster.rbac.grant(CONTAIN, { verbs, groups: [group], resources: [resource] });
    const unread = await verifyAgain(kit, carried);
    assert.equal(unread.proof, 'not proven');
    assert.match(unread.because ?? '', /^whether Jobs of it still make pods is not known: /);
  });

  it('is not proven while KEDA may scale the workload from 0', async () => {
    const { kit } = await onCart((k) => {
      serveKind(k, { group: 'keda.sh', version: 'v1alpha1', kind: 'ScaledObject', plural: 'scaledobjects' });
      k.cluster.apply({
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name: 'cart-queue', namespace: 'shop' },
        spec: { scaleTargetRef: { name: 'cart' } },
      });
    });
    const scaler = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', namespace: 'shop', name: 'cart-queue' };
    const [carried] = await carry(kit, freezeWorkload);
    assert.ok(carried);
    assert.deepEqual([carried.entry.state, carried.entry.proof], ['applied', 'not proven']);
    assert.equal(
      carried.entry.because,
      'KEDA may start it again: give its ScaledObject cart-queue the annotation autoscaling.keda.sh/paused=true',
    );
    const proofWith = async (annotations: Record<string, string>, spec?: object) => {
      kit.cluster.edit(scaler, (draft) => {
        draft.metadata.annotations = annotations;
        if (spec !== undefined) draft.spec = { ...spec };
      });
      return (await verifyAgain(kit, carried)).proof;
    };
    assert.equal(await proofWith({ 'autoscaling.keda.sh/paused': 'true' }), 'proven');
    assert.equal(await proofWith({ 'autoscaling.keda.sh/paused': 'false' }), 'not proven');
    assert.equal(await proofWith({ 'autoscaling.keda.sh/paused-replicas': '0' }), 'proven');
    assert.equal(
      await proofWith({ 'autoscaling.keda.sh/paused': 'true', 'autoscaling.keda.sh/paused-replicas': '2' }),
      'not proven',
    );
    assert.equal(await proofWith({}, { scaleTargetRef: { name: 'checkout' } }), 'proven', 'it scales another one');
    const rollout = { apiVersion: 'example.com/v1', kind: 'Deployment', name: 'cart' };
    assert.equal(await proofWith({}, { scaleTargetRef: rollout }), 'proven', 'it scales a custom kind');
    assert.equal(await proofWith({}, { scaleTargetRef: 'cart' }), 'not proven', 'what it scales cannot be read');
    await proofWith({}, { scaleTargetRef: { name: 'cart' } });
    kit.cluster.rbac.revoke(CONTAIN);
    for (const { group, resource, verbs } of freezeWorkload.permissions.rbac)
      if (group !== 'keda.sh') kit.cluster.rbac.grant(CONTAIN, { verbs, groups: [group], resources: [resource] });
    const unread = await verifyAgain(kit, carried);
    assert.equal(unread.proof, 'not proven');
    assert.match(unread.because ?? '', /^whether KEDA starts it again is not known: /);
  });

  const KINDS: Array<[string, string, (kit: Kit) => WorkloadSubject]> = [
    ['Deployment', 'replicas', (kit) => workload(kit, 'apps/v1', 'Deployment', 'cart')],
    [
      'ReplicaSet',
      'replicas',
      (kit) => loneWorkload(kit, 'apps/v1', 'ReplicaSet', { selector: { matchLabels: { app: 'lone' } } }),
    ],
    [
      'ReplicationController',
      'replicas',
      (kit) => loneWorkload(kit, 'v1', 'ReplicationController', { selector: { app: 'lone' } }),
    ],
    ['DaemonSet', 'template', (kit) => workload(kit, 'apps/v1', 'DaemonSet', 'node-agent')],
    ['Job', 'suspend', (kit) => workload(kit, 'batch/v1', 'Job', 'nightly-report')],
    ['CronJob', 'suspend', (kit) => workload(kit, 'batch/v1', 'CronJob', 'cleanup')],
  ];
  for (const [kind, field, subjectIn] of KINDS)
    it(`stops a ${kind} by its ${field} alone, and a release gives back what it was`, async () => {
      const kit = containmentKit();
      const subject = subjectIn(kit);
      const spec = () => kit.cluster.get({ ...subject.owner, namespace: 'shop' })?.spec ?? assert.fail();
      const before = structuredClone(spec());
      await openIncident(kit, STEP_INCIDENT, [subject], 'quarantine', { options: { freeze: true } });
      const [carried] = await carry(kit, freezeWorkload);
      assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
      const changed = Object.entries(spec()).filter(([key, value]) => !isDeepStrictEqual(value, before[key]));
      assert.deepEqual(
        changed.map(([key]) => key),
        [field],
      );
      const [released] = await releaseStep(kit, freezeWorkload);
      assert.equal(released?.state, 'undone', released?.because);
      assert.deepEqual(plain(spec()[field]), plain(before[field]), field);
    });

  it('refuses a StatefulSet, whose quarantined pod it would delete', async () => {
    const kit = containmentKit();
    const subject = loneWorkload(kit, 'apps/v1', 'StatefulSet', { selector: { matchLabels: { app: 'lone' } } });
    await openIncident(kit, STEP_INCIDENT, [subject], 'quarantine', { options: { freeze: true } });
    const [carried] = await carry(kit, freezeWorkload);
    assert.equal(carried?.entry.state, 'refused');
    assert.match(carried?.entry.because ?? '', /would delete the quarantined pod and its evidence/);
    assert.deepEqual(changesOf(kit), []);
  });

  for (const isQuarantined of [true, false])
    it(`${isQuarantined ? 'stops' : 'does not stop'} a Deployment whose pod of the incident is ${isQuarantined ? '' : 'not yet '}out of it`, async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      await openIncident(kit, STEP_INCIDENT, [subject], 'quarantine', { options: { freeze: true } });
      if (isQuarantined) await carry(kit, quarantinePod);
      const [carried] = await carry(kit, freezeWorkload);
      kit.world.settle();
      assert.equal(carried?.entry.state, isQuarantined ? 'applied' : 'refused', carried?.entry.because);
      if (!isQuarantined)
        assert.match(
          carried.entry.because ?? '',
          /^it still selects cart-\S+, which it would delete with its evidence/,
        );
      assert.equal(podNamed(kit, 'shop', subject.name).metadata.deletionTimestamp, undefined);
      if (!isQuarantined) assert.deepEqual(changesOf(kit), []);
    });

  it('stops a Deployment once its pod is out of it, where the quarantine comes late', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, STEP_INCIDENT, [subject], 'quarantine', { options: { freeze: true } });
    await carry(kit, freezeWorkload, undefined, 2);
    assert.deepEqual(changesOf(kit), []);
    await carry(kit, quarantinePod);
    const [carried] = await carry(kit, freezeWorkload);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
  });

  it('names what may start it again', async () => {
    const { kit } = await onCart((k) =>
      k.cluster.edit(CART, ({ metadata }) => {
        const queue = { 'kueue.x-k8s.io/queue-name': 'team-a' };
        metadata.labels = { ...metadata.labels, 'kustomize.toolkit.fluxcd.io/name': 'apps', ...queue };
      }),
    );
    const [carried] = await carry(kit, freezeWorkload);
    assert.match(
      carried?.entry.because ?? '',
      /^Flux Kustomization apps and Kueue queue team-a may start it again: stop it there$/,
    );
  });

  const CART = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
  const replicas = (kit: Kit): unknown => kit.cluster.get(CART)?.spec?.replicas;
  const scale = (kit: Kit, to: number, annotations?: Record<string, string>) =>
    kit.cluster.edit(
      CART,
      (draft) => {
        draft.spec = { ...draft.spec, replicas: to };
        if (annotations !== undefined) draft.metadata.annotations = annotations;
      },
      STRANGER,
    );
  const onCart = async (change: (kit: Kit) => void = () => undefined) => {
    const kit = containmentKit();
    change(kit);
    const subject = workload(kit, 'apps/v1', 'Deployment', 'cart');
    await openIncident(kit, STEP_INCIDENT, [subject], 'quarantine', { options: { freeze: true } });
    return { kit, subject };
  };

  it('stops a workload that was given our mark beforehand', async () => {
    const { kit } = await onCart((k) => scale(k, 2, { 'firebreak.dev/freeze-workload': STEP_INCIDENT }));
    const [carried] = await carry(kit, freezeWorkload);
    assert.deepEqual([replicas(kit), carried?.entry.proof], [0, 'proven'], carried?.entry.because);
    await releaseStep(kit, freezeWorkload);
    assert.equal(replicas(kit), 2);
  });

  it('changes nothing where somebody has stopped the workload already, and a release leaves that', async () => {
    const { kit } = await onCart((k) => scale(k, 0));
    const [carried] = await carry(kit, freezeWorkload);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['skipped', 'proven']);
    await releaseStep(kit, freezeWorkload);
    assert.deepEqual([replicas(kit), changesOf(kit)], [0, []]);
  });

  it('starts again what another incident has stopped too, once both are released', async () => {
    const { kit, subject } = await onCart();
    const was = replicas(kit);
    await openIncident(kit, 'i-0', [subject], 'quarantine', { options: { freeze: true } });
    await kit.clock.drive(run(kit.ports, 'i-0'));
    assert.equal(replicas(kit), 0);
    const [carried] = await carry(kit, freezeWorkload);
    assert.equal(carried?.entry.state, 'applied');
    await releaseStep(kit, freezeWorkload);
    assert.equal(replicas(kit), 0);
    await setGoal(kit, 'i-0', 'released');
    await kit.clock.drive(run(kit.ports, 'i-0'));
    assert.equal(replicas(kit), was);
  });

  it('starts it again with its old value where the incident that stopped it first is released first', async () => {
    const { kit, subject } = await onCart();
    const was = replicas(kit);
    await openIncident(kit, 'i-0', [subject], 'quarantine', { options: { freeze: true } });
    await kit.clock.drive(run(kit.ports, 'i-0'));
    await carry(kit, freezeWorkload);
    await setGoal(kit, 'i-0', 'released');
    await kit.clock.drive(run(kit.ports, 'i-0'));
    assert.equal(replicas(kit), 0);
    await releaseStep(kit, freezeWorkload);
    assert.equal(replicas(kit), was);
  });

  it('says that somebody started it again after it, on a replay and on a release, and takes its mark away', async () => {
    const { kit } = await onCart();
    const [carried] = await carry(kit, freezeWorkload);
    assert.ok(carried);
    const marks = () => JSON.stringify(kit.cluster.get(CART)?.metadata.annotations ?? {});
    assert.match(marks(), /i-1/);
    scale(kit, 5);
    await rewind(kit, carried.bound, carried.open);
    const [again] = await carry(kit, freezeWorkload);
    assert.match(again?.entry.because ?? '', /someone started it again after us; that is left as it is/);
    const [released] = await releaseStep(kit, freezeWorkload);
    assert.deepEqual(
      [released?.state, released?.because],
      ['undone', 'someone changed it after us; their value stays'],
    );
    assert.equal(replicas(kit), 5);
    assert.doesNotMatch(marks(), /i-1/);
  });

  it('leaves the workload as it is on a release where its mark was taken away', async () => {
    const { kit } = await onCart();
    await carry(kit, freezeWorkload);
    scale(kit, 0, {});
    const [released] = await releaseStep(kit, freezeWorkload);
    assert.match(released?.because ?? '', /our mark is not on it: it is left as it is/);
    assert.equal(replicas(kit), 0);
  });
});
