import { strict as assert } from 'node:assert';
import { makeKubernetesWriter } from '../../../../shared/adapters/kubernetes.ts';
import { deleteWorkload } from '../../../../shared/containment/steps/delete-workload.ts';
import { quarantinePod } from '../../../../shared/containment/steps/quarantine-pod.ts';
import { Denied, Transient } from '../../../../shared/errors.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  CONTAIN,
  containmentKit,
  type Kit,
  openIncident,
  podNamed,
  subjectOf,
  workloadOf,
} from '../../../kit/containment.ts';
import { carry, releaseStep, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';
import { loneWorkload, serveKind } from '../../../kit/workloads.ts';
import { wireTo } from '../../../kit/world-clusters.ts';

/** A controller of the given kind, without pods. */
const lone = (kit: Kit, apiVersion: string, kind: string, selector: Record<string, unknown>) =>
  loneWorkload(kit, apiVersion, kind, { selector, replicas: 0, serviceName: 'lone' });

stepContract({
  step: deleteWorkload,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'nightly-report'))],
    async (kit) => [workloadOf(kit, 'apps/v1', 'DaemonSet', 'node-agent')],
    async (kit) => [workloadOf(kit, 'batch/v1', 'CronJob', 'cleanup')],
    async (kit) => [lone(kit, 'v1', 'ReplicationController', { app: 'lone' })],
    async (kit) => [lone(kit, 'apps/v1', 'ReplicaSet', { matchLabels: { app: 'lone' } })],
    async (kit) => [lone(kit, 'apps/v1', 'StatefulSet', { matchLabels: { app: 'lone' } })],
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

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };

const onCart = async (change: (kit: Kit) => void = () => undefined): Promise<Kit> => {
  const kit = containmentKit();
  change(kit);
  await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'delete-workload');
  return kit;
};

const only = async (kit: Kit) => {
  const [carried] = await carry(kit, deleteWorkload);
  assert.ok(carried);
  return carried.entry;
};

const cartPods = (kit: Kit) => kit.cluster.list('v1', 'Pod', 'shop').filter((p) => p.metadata.name.startsWith('cart'));

describe('containment/steps/delete-workload', () => {
  it('deletes by UID: what takes the name between its look and the deletion is left alone', async () => {
    const kit = await onCart();
    const { clusters } = kit.ports;
    let theirs: string | undefined;
    const writer: typeof clusters.writer = (cluster) => {
      const write = clusters.writer(cluster);
      return {
        ...write,
        delete: async (of, options) => {
          if (of.kind === 'Deployment' && theirs === undefined) {
            const { spec } = kit.cluster.get(DEPLOYMENT) ?? assert.fail();
            kit.cluster.drop(DEPLOYMENT);
            const { apiVersion, kind, namespace, name } = DEPLOYMENT;
            kit.cluster.apply({ apiVersion, kind, metadata: { name, namespace }, spec }, STRANGER);
            theirs = kit.cluster.get(DEPLOYMENT)?.metadata.uid;
          }
          return write.delete(of, options);
        },
      };
    };
    Object.assign(kit.ports, { clusters: { ...clusters, writer } });
    await only(kit);
    assert.ok(theirs !== undefined);
    assert.equal(kit.cluster.get(DEPLOYMENT)?.metadata.uid, theirs);
  });

  it('deletes the controller, its pods, and the pod that was quarantined out of it', async () => {
    const kit = await onCart();
    await carry(kit, quarantinePod);
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'proven'], entry.because);
    assert.equal(kit.cluster.get(DEPLOYMENT), undefined);
    await kit.clock.advance(40_000);
    kit.world.settle();
    assert.deepEqual(cartPods(kit), []);
  });

  it('says which tool appears to have made the workload again, and leaves the new one alone', async () => {
    const kit = await onCart((k) => {
      k.cluster.edit(DEPLOYMENT, (draft) => {
        draft.metadata.labels = { ...draft.metadata.labels, 'argocd.argoproj.io/instance': 'shop' };
      });
    });
    const { spec = {} } = kit.cluster.get(DEPLOYMENT) ?? {};
    const back = kit.clock
      .sleep(45_000)
      .then(() => kit.cluster.apply({ ...DEPLOYMENT, metadata: { name: 'cart', namespace: 'shop' }, spec }, 'argocd'));
    const entry = await only(kit);
    await back;
    assert.deepEqual([entry.state, entry.proof], ['applied', 'not proven']);
    assert.match(
      entry.because ?? '',
      /^it was recreated within 2 minutes, probably by Argo CD application shop: remove it there; what it was is kept as /,
    );
    assert.notEqual(kit.cluster.get(DEPLOYMENT), undefined);
  });

  it('names a tool that may make the workload again if none has within two minutes', async () => {
    const kit = await onCart((k) => {
      k.cluster.edit(DEPLOYMENT, (draft) => {
        draft.metadata.annotations = { 'meta.helm.sh/release-name': 'cart' };
      });
    });
    const before = kit.clock.now();
    const entry = await only(kit);
    assert.ok(kit.clock.now() - before >= 120_000);
    assert.equal(entry.proof, 'proven');
    assert.match(entry.because ?? '', /Helm release cart may recreate it/);
  });

  it('keeps what the controller was before it deletes it, also where it has no pods', async () => {
    const kit = containmentKit();
    const cronJob = { apiVersion: 'batch/v1', kind: 'CronJob', namespace: 'shop', name: 'cleanup' };
    const was = kit.cluster.get(cronJob) ?? assert.fail();
    await openIncident(kit, STEP_INCIDENT, [workloadOf(kit, 'batch/v1', 'CronJob', 'cleanup')], 'delete-workload');
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'proven'], entry.because);
    assert.equal(kit.cluster.get(cronJob), undefined);
    const key = /what it was is kept as (\S+)$/.exec(entry.because ?? '')?.[1] ?? assert.fail(entry.because);
    const body = (await kit.ports.evidence.get(key)) ?? assert.fail(key);
    assert.deepEqual(JSON.parse(new TextDecoder().decode(body)).spec, was.spec);
    const released = await releaseStep(kit, deleteWorkload);
    assert.ok(released[0]?.because?.endsWith(`what it was is kept as ${key}`), released[0]?.because);
  });

  it('deletes the workload also if the evidence cannot be kept, and says so', async () => {
    const kit = await onCart();
    const put = async (): Promise<never> => {
      throw new Denied('the bucket may not be written');
    };
    Object.assign(kit.ports, { evidence: { ...kit.ports.evidence, put } });
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'proven'], entry.because);
    assert.match(entry.because ?? '', /no copy of it can be found in the evidence/);
  });

  it('deletes a pod that has no controller', async () => {
    const kit = containmentKit();
    await openIncident(
      kit,
      STEP_INCIDENT,
      [await subjectOf(kit, podNamed(kit, 'shop', 'debug-shell'))],
      'delete-workload',
    );
    assert.equal((await only(kit)).proof, 'proven');
    assert.equal(kit.cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'debug-shell' }), undefined);
    const grace = kit.world.log.by(CONTAIN).map((t) => t.change['metadata.deletionGracePeriodSeconds']?.to);
    assert.deepEqual(grace, [10]);
  });

  it('deletes a controller of a custom kind if the rights for that kind are granted', async () => {
    const kit = containmentKit();
    serveKind(kit, { group: 'example.com', kind: 'Rollout', plural: 'rollouts' });
    kit.cluster.rbac.grant(CONTAIN, { verbs: ['get', 'delete'], groups: ['example.com'], resources: ['rollouts'] });
    kit.cluster.apply({ apiVersion: 'example.com/v1', kind: 'Rollout', metadata: { name: 'web', namespace: 'shop' } });
    await openIncident(kit, STEP_INCIDENT, [workloadOf(kit, 'example.com/v1', 'Rollout', 'web')], 'delete-workload');
    const entry = await only(kit);
    assert.equal(entry.proof, 'proven', entry.because);
    assert.equal(
      kit.cluster.get({ apiVersion: 'example.com/v1', kind: 'Rollout', namespace: 'shop', name: 'web' }),
      undefined,
    );
  });

  for (const verb of ['get', 'delete'])
    it(`deletes the pods at once also where it may not ${verb} the controller that they name, and says so`, async () => {
      const kit = containmentKit();
      serveKind(kit, { group: 'example.com', kind: 'Rollout', plural: 'rollouts' });
      if (verb === 'delete')
        kit.cluster.rbac.grant(CONTAIN, { verbs: ['get'], groups: ['example.com'], resources: ['rollouts'] });
      const [apiVersion, kind, name] = ['example.com/v1', 'Rollout', 'web'];
      const { metadata } = kit.cluster.apply({ apiVersion, kind, metadata: { name, namespace: 'shop' } });
      const owner = { apiVersion, kind, name, uid: metadata.uid };
      const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'debug-shell' };
      const subject = await subjectOf(kit, podNamed(kit, 'shop', pod.name), { owners: [owner] });
      await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
      const [carried] = await carry(kit, deleteWorkload, undefined, 3);
      assert.equal(kit.cluster.get(pod), undefined);
      assert.equal(carried?.entry.state, 'pending');
      assert.match(carried.entry.because ?? '', /^denied, .*rollouts.*Its pods are deleted all the same/);
      kit.cluster.rbac.grant(CONTAIN, { verbs: ['get', 'delete'], groups: ['example.com'], resources: ['rollouts'] });
      const entry = await only(kit);
      assert.deepEqual([entry.state, entry.proof], ['applied', 'proven'], entry.because);
      assert.equal(kit.cluster.get({ apiVersion, kind, name, namespace: 'shop' }), undefined);
    });

  for (const [fault, says] of [
    [
      '403',
      /^denied for 15 minutes: .*get Fleet shop\/f1.*Its pods are deleted all the same, and it may make them again$/,
    ],
    ['503', /^still there after 120 s: Fleet shop\/f1: .*\(503\).*Its pods are deleted all the same/],
  ] as const)
    it(`deletes the pods whose owner of a custom kind answers ${fault}, and says that it may make them again`, async () => {
      const kit = containmentKit();
      serveKind(kit, { group: 'example.com', kind: 'Fleet', plural: 'fleets' });
      const named = { name: 'f1', namespace: 'shop' };
      const { metadata } = kit.cluster.apply({
        apiVersion: 'example.com/v1',
        kind: 'Fleet',
        metadata: named,
        spec: {},
      });
      const owner = { apiVersion: 'example.com/v1', kind: 'Fleet', name: 'f1', uid: metadata.uid, controller: true };
      kit.cluster.apply({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'f1-0', namespace: 'shop', ownerReferences: [owner] },
        spec: { nodeName: 'gke-c1-pool-1-5f0a1b2c-b1', containers: [{ name: 'c', image: 'shop.example.com/f:1' }] },
      });
      kit.cluster.rbac.grant('firebreak-decide', { verbs: ['get'], groups: ['example.com'], resources: ['fleets'] });
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'f1-0'));
      await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
      kit.cluster.faults.add({ kind: 'Fleet', times: 10_000, fault });
      const entry = await only(kit);
      assert.equal(entry.state, 'failed');
      assert.match(entry.because ?? '', says);
      await kit.clock.advance(60_000);
      kit.world.settle();
      assert.deepEqual(
        kit.cluster.list('v1', 'Pod', 'shop').filter((pod) => pod.metadata.name === 'f1-0'),
        [],
      );
    });

  for (const fault of ['403', '503'] as const)
    it(`deletes the pods also where a controller of a custom kind between answers ${fault}, and says so`, async () => {
      const kit = containmentKit();
      serveKind(kit, { group: 'example.com', kind: 'Flow', plural: 'flows' });
      serveKind(kit, { group: 'example.com', kind: 'CronFlow', plural: 'cronflows' });
      const owners = ['Flow', 'CronFlow'].map((kind) => {
        const named = { apiVersion: 'example.com/v1', kind };
        const { metadata } = kit.cluster.apply({ ...named, metadata: { name: 'f1', namespace: 'shop' }, spec: {} });
        return { ...named, name: 'f1', uid: metadata.uid };
      });
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'debug-shell'), { owners });
      await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
      const resources = ['flows', 'cronflows'];
      kit.cluster.rbac.grant(CONTAIN, { verbs: ['get', 'delete'], groups: ['example.com'], resources });
      kit.cluster.faults.add({ kind: 'Flow', times: 10_000, fault });
      const entry = await only(kit);
      assert.deepEqual([entry.state, entry.proof], ['applied', 'not proven'], entry.because);
      assert.match(entry.because ?? '', /; it may make its pods again: Kubernetes refused to get Flow shop\/f1/);
      const left = ['v1 Pod', 'example.com/v1 CronFlow'].map((of) => {
        const [apiVersion = '', kind = ''] = of.split(' ');
        return kit.cluster
          .list(apiVersion, kind, 'shop')
          .filter(({ metadata }) => /^(f1|debug-shell)$/.test(metadata.name));
      });
      assert.deepEqual(left, [[], []]);
    });

  it('waits for a Deployment or a ReplicaSet that does not answer: it would make its pods again', async () => {
    for (const kind of ['Deployment', 'ReplicaSet']) {
      const kit = await onCart();
      kit.cluster.faults.add({ verb: 'get', kind, times: 10_000, fault: '503' });
      await assert.rejects(carry(kit, deleteWorkload, undefined, 3), Transient, kind);
      kit.cluster.faults.clear();
      const entry = await only(kit);
      assert.deepEqual([entry.state, entry.proof], ['applied', 'proven'], entry.because);
    }
  });

  it('names the webhook that admits no deletion of the controller, and says what has become of the pods', async () => {
    const kit = await onCart();
    const uid = podNamed(kit, 'shop', 'cart').metadata.uid;
    kit.cluster.faults.add({ verb: 'delete', kind: 'Deployment', times: 10_000, fault: 'webhook' });
    const entry = await only(kit);
    assert.equal(entry.state, 'failed');
    assert.match(
      entry.because ?? '',
      /^an admission webhook did not answer for 15 minutes: .*delete Deployment shop\/cart.*exceeded\. Its pods are deleted all the/,
    );
    await kit.clock.advance(60_000);
    kit.world.settle();
    assert.ok(cartPods(kit).every(({ metadata }) => metadata.uid !== uid));
  });

  it('tries again for 15 minutes where a webhook admits no deletion of a controller of a custom kind', async () => {
    const kit = containmentKit();
    serveKind(kit, { group: 'example.com', kind: 'Rollout', plural: 'rollouts' });
    kit.cluster.rbac.grant(CONTAIN, { verbs: ['get', 'delete'], groups: ['example.com'], resources: ['rollouts'] });
    kit.cluster.apply({ apiVersion: 'example.com/v1', kind: 'Rollout', metadata: { name: 'web', namespace: 'shop' } });
    await openIncident(kit, STEP_INCIDENT, [workloadOf(kit, 'example.com/v1', 'Rollout', 'web')], 'delete-workload');
    kit.cluster.faults.add({ verb: 'delete', kind: 'Rollout', times: 10_000, fault: 'webhook' });
    const entry = await only(kit);
    assert.equal(entry.state, 'failed');
    assert.match(
      entry.because ?? '',
      /^an admission webhook did not answer for 15 minutes: .*delete Rollout shop\/web/,
    );
  });

  it('deletes the pods though a policy protects their Deployment, and the others though it protects one of them', async () => {
    const kit = containmentKit();
    const [first, second] = cartPods(kit);
    const subjects = await Promise.all([first, second].map((pod) => subjectOf(kit, pod ?? assert.fail())));
    await openIncident(kit, STEP_INCIDENT, subjects, 'delete-workload');
    kit.cluster.faults.add({ verb: 'delete', kind: 'Deployment', times: 10_000, fault: '403' });
    kit.cluster.faults.add({ verb: 'delete', kind: 'Pod', name: subjects[0]?.name ?? '', times: 3, fault: '403' });
    const entry = await only(kit);
    assert.equal(entry.state, 'failed');
    assert.match(
      entry.because ?? '',
      /^denied for 15 minutes: .*delete Deployment shop\/cart.*Its pods are deleted all the/,
    );
    await kit.clock.advance(60_000);
    kit.world.settle();
    const left = cartPods(kit).map(({ metadata }) => metadata.uid);
    for (const { uid } of subjects) assert.ok(!left.includes(uid));
  });

  it('says of a pod without a controller that it may not be deleted, not that it is slow to go', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'debug-shell'));
    await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
    kit.cluster.faults.add({ verb: 'delete', kind: 'Pod', times: 10_000, fault: '403' });
    const entry = await only(kit);
    assert.equal(entry.state, 'failed');
    assert.match(entry.because ?? '', /^denied for 15 minutes: .*delete Pod shop\/debug-shell/);
  });

  it('never deletes a Node as the controller of its static pod', async () => {
    const kit = containmentKit();
    const pod = podNamed(kit, 'kube-system', 'kube-proxy');
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, pod)], 'delete-workload');
    assert.equal((await only(kit)).state, 'refused');
    assert.equal(kit.cluster.list('v1', 'Node').length, 4);
  });

  it('refuses a static pod, because its kubelet would make it again', async () => {
    const kit = containmentKit();
    const pod = podNamed(kit, 'kube-system', 'kube-proxy');
    // decide leaves out the Node that a mirror pod names as its owner.
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, pod, { owners: [] })], 'delete-workload');
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['refused', null]);
    assert.match(entry.because ?? '', /static pod.*delete-host/);
    assert.deepEqual(kit.world.log.by(CONTAIN), []);
  });

  it('refuses a built-in kind that makes no pods, whatever owner a pod names', async () => {
    const kit = containmentKit();
    const victim = podNamed(kit, 'shop', 'debug-shell');
    const { name, uid } = victim.metadata;
    const pod = await subjectOf(kit, podNamed(kit, 'shop', 'edge-probe'), {
      owners: [{ apiVersion: 'v1', kind: 'Pod', name, uid }],
    });
    await openIncident(kit, STEP_INCIDENT, [pod], 'delete-workload');
    const entry = await only(kit);
    assert.equal(entry.state, 'refused');
    assert.match(entry.because ?? '', /Pod shop\/debug-shell is not a workload/);
    assert.ok(kit.cluster.list('v1', 'Pod', 'shop').some((one) => one.metadata.uid === uid));
  });

  it('says that the process may still run on a cut node, and does not wait for it', async () => {
    const kit = await onCart();
    kit.cluster.cutNode(String(podNamed(kit, 'shop', 'cart').spec?.nodeName));
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'not proven'], entry.because);
    assert.match(entry.because ?? '', /the process may still run: ask for delete-host/);
  });

  it('leaves no controller that would adopt a quarantined pod again, and a release does not say so', async () => {
    const kit = await onCart();
    await carry(kit, quarantinePod);
    kit.cluster.cutNode(String(podNamed(kit, 'shop', 'cart').spec?.nodeName));
    await only(kit);
    const [entry] = await releaseStep(kit, quarantinePod);
    assert.deepEqual([entry?.state, entry?.because], ['undone', undefined]);
  });

  it('fails and names the finalizers that hold the controller', async () => {
    const kit = await onCart((k) => {
      k.cluster.edit(DEPLOYMENT, (draft) => {
        draft.metadata.finalizers = ['example.com/hold'];
      });
    });
    const began = kit.clock.now();
    const entry = await only(kit);
    assert.ok(kit.clock.now() - began >= 120_000, 'given up before its time');
    assert.equal(entry.state, 'failed');
    assert.match(entry.because ?? '', /Deployment waits for the finalizers example.com\/hold/);
  });

  it('fails and names a pod of the incident that cannot go', async () => {
    const kit = await onCart((k) => {
      const { name } = podNamed(k, 'shop', 'cart').metadata;
      k.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name }, (draft) => {
        draft.metadata.finalizers = ['example.com/hold'];
      });
    });
    const entry = await only(kit);
    assert.equal(entry.state, 'failed');
    assert.match(
      entry.because ?? '',
      /still there after 120 s: pod cart-\S+ waits for the finalizers example.com\/hold/,
    );
  });

  it('deletes the pod that was quarantined out of a controller which is gone by now', async () => {
    const kit = await onCart();
    const pod = podNamed(kit, 'shop', 'cart');
    await carry(kit, quarantinePod);
    kit.cluster.drop(DEPLOYMENT);
    kit.world.settle();
    const isThere = () => kit.cluster.list('v1', 'Pod', 'shop').some((p) => p.metadata.uid === pod.metadata.uid);
    assert.equal(isThere(), true);
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'proven'], entry.because);
    assert.equal(isThere(), false);
  });

  /** The Deployment is deleted as by `kubectl delete --cascade=orphan`: its ReplicaSet lives on. */
  const orphaned = async (): Promise<Kit> => {
    const kit = await onCart();
    kit.cluster.rbac.grant(STRANGER, { verbs: ['*'], groups: ['*'], resources: ['*'] });
    const { uid } = kit.cluster.get(DEPLOYMENT)?.metadata ?? assert.fail();
    await makeKubernetesWriter(wireTo(kit.cluster, STRANGER)).delete(DEPLOYMENT, { uid, propagation: 'Orphan' });
    kit.world.settle();
    assert.equal(kit.cluster.get(DEPLOYMENT), undefined);
    return kit;
  };
  const sets = (kit: Kit) =>
    kit.cluster.list('apps/v1', 'ReplicaSet', 'shop').filter((r) => r.metadata.name.startsWith('cart'));

  it('deletes the ReplicaSet that a deleted Deployment has left behind, which would make its pods for ever', async () => {
    const kit = await orphaned();
    assert.equal(sets(kit).length, 1);
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'proven'], entry.because);
    assert.match(entry.because ?? '', /what it was is kept as /);
    await kit.clock.advance(60_000);
    kit.world.settle();
    assert.deepEqual([sets(kit), cartPods(kit)], [[], []]);
  });

  it('deletes the pods also where a policy protects the ReplicaSet that was left behind, and says so', async () => {
    const kit = await orphaned();
    const uid = podNamed(kit, 'shop', 'cart').metadata.uid;
    kit.cluster.faults.add({ verb: 'delete', kind: 'ReplicaSet', times: 10_000, fault: '403' });
    const entry = await only(kit);
    assert.equal(entry.state, 'failed');
    assert.match(entry.because ?? '', /^denied for 15 minutes: .*delete ReplicaSet shop.*Its pods are deleted all the/);
    await kit.clock.advance(60_000);
    kit.world.settle();
    assert.ok(cartPods(kit).every(({ metadata }) => metadata.uid !== uid));
  });

  it('leaves a ReplicaSet that another Deployment has taken over, and says that it lives on', async () => {
    const kit = await orphaned();
    const [set] = sets(kit);
    kit.cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'shop-cart', namespace: 'shop' },
      spec: { ...set?.spec, selector: { matchLabels: { app: 'cart' } } },
    });
    const { name, uid } =
      kit.cluster.get({ ...DEPLOYMENT, name: 'shop-cart' })?.metadata ?? assert.fail('no new Deployment');
    kit.cluster.edit({ ...DEPLOYMENT, kind: 'ReplicaSet', name: set?.metadata.name ?? '' }, (draft) => {
      const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true };
      draft.metadata.ownerReferences = [owner];
    });
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'not proven'], entry.because);
    assert.match(entry.because ?? '', /ReplicaSet cart-\S+ lives on under Deployment shop-cart/);
    assert.equal(sets(kit)[0]?.metadata.uid, set?.metadata.uid);
  });

  it('deletes only when the copy is kept, and at once for an attacker who destroys things', async () => {
    for (const stopFirst of [false, true]) {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload', { stopFirst });
      const { evidence } = kit.ports;
      const there: boolean[] = [];
      const put: typeof evidence.put = async (key, body) => {
        await kit.clock.sleep(1_000);
        there.push(kit.cluster.get(DEPLOYMENT) !== undefined);
        return evidence.put(key, body);
      };
      Object.assign(kit.ports, { evidence: { ...evidence, put } });
      const entry = await only(kit);
      assert.equal(there[0], !stopFirst);
      assert.match(entry.because ?? '', /what it was is kept as /);
    }
  });

  it('is done in its time where the evidence does not answer at all', async () => {
    const kit = await onCart();
    const never = () => new Promise<never>(() => undefined);
    Object.assign(kit.ports, { evidence: { ...kit.ports.evidence, get: never, put: never } });
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'proven'], entry.because);
    assert.match(entry.because ?? '', /no copy of it can be found in the evidence/);
  });
});
