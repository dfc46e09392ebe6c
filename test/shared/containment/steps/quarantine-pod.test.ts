import { strict as assert } from 'node:assert';
import { denyPodNetwork } from '../../../../shared/containment/steps/deny-pod-network.ts';
import { quarantinePod } from '../../../../shared/containment/steps/quarantine-pod.ts';
import { Denied, Malformed, Transient } from '../../../../shared/errors.ts';
import { stepContract } from '../../../contracts/step.ts';
import { CONTAIN, containmentKit, type Kit, openIncident, podNamed, subjectOf } from '../../../kit/containment.ts';
import { withPolicy } from '../../../kit/policies.ts';
import { carry, releaseStep, STEP_INCIDENT, STRANGER, verifyAgain } from '../../../kit/step.ts';
import { serveKind } from '../../../kit/workloads.ts';

stepContract({
  step: quarantinePod,
  first: [denyPodNetwork],
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    async (kit) => [await subjectOf(kit, podNamed(kit, 'payments', 'ledger'))],
    async (kit) => {
      withPolicy(kit, 'AdminNetworkPolicy', { subject: { namespaces: {} }, egress: [{ action: 'Allow' }] });
      return [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))];
    },
  ],
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

const SPEC = { containers: [{ name: 'c', image: 'shop.example.com/queue:1.0.0' }] };
const queue = (metadata: object, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'queue-0', namespace: 'shop', labels: { app: 'queue' }, ...metadata },
  spec: { ...SPEC, ...spec },
});

describe('containment/steps/quarantine-pod', () => {
  it('lets a pod stay on a cut node although it tolerates every taint for a minute only, and gives the minute back', async () => {
    const kit = containmentKit();
    const node = 'gke-c1-pool-1-5f0a1b2c-b1';
    const minute = { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 };
    kit.cluster.apply(queue({}, { nodeName: node, tolerations: [minute] }));
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'queue'))], 'isolate');
    const [carried] = await carry(kit, quarantinePod);
    assert.equal(carried?.entry.proof, 'proven', carried?.entry.because);
    kit.cluster.cutNode(node);
    await kit.clock.advance(3_600_000);
    kit.world.settle();
    assert.equal(podNamed(kit, 'shop', 'queue').metadata.deletionTimestamp, undefined);
    kit.cluster.reconnectNode(node);
    const [entry] = await releaseStep(kit, quarantinePod);
    assert.equal(entry?.state, 'undone', entry?.because);
    kit.cluster.cutNode(node);
    await kit.clock.advance(61_000);
    kit.world.settle();
    assert.notEqual(podNamed(kit, 'shop', 'queue').metadata.deletionTimestamp, undefined);
  });

  it('keeps on a StatefulSet pod the labels that its selector names in expressions', async () => {
    const kit = containmentKit();
    const selector = { matchExpressions: [{ key: 'app', operator: 'In', values: ['queue', 'queue-2'] }] };
    const template = { metadata: { labels: { app: 'queue', team: 'a' } }, spec: SPEC };
    kit.cluster.apply({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'queue', namespace: 'shop' },
      spec: { replicas: 1, serviceName: 'queue', selector, template },
    });
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'queue'))], 'isolate');
    await carry(kit, quarantinePod);
    kit.world.settle();
    const { labels, ownerReferences } = podNamed(kit, 'shop', 'queue').metadata;
    assert.deepEqual([labels?.app, labels?.team, labels?.quarantine], ['queue', undefined, 'true']);
    assert.equal(ownerReferences?.[0]?.name, 'queue');
  });

  it('waits for a StatefulSet that does not answer: without the labels that it selects it would make the pod again', async () => {
    const kit = containmentKit();
    const template = { metadata: { labels: { app: 'queue', team: 'a' } }, spec: SPEC };
    const spec = { replicas: 1, serviceName: 'queue', selector: { matchLabels: { app: 'queue' } }, template };
    const [apiVersion, kind] = ['apps/v1', 'StatefulSet'];
    kit.cluster.apply({ apiVersion, kind, metadata: { name: 'queue', namespace: 'shop' }, spec });
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'queue'))], 'isolate');
    kit.cluster.faults.add({ kind, verb: 'get', times: 10_000, fault: '503' });
    await assert.rejects(carry(kit, quarantinePod, undefined, 3), Transient);
    assert.deepEqual(podNamed(kit, 'shop', 'queue').metadata.labels?.quarantine, undefined);
    kit.cluster.faults.clear();
    await carry(kit, quarantinePod);
    assert.equal(podNamed(kit, 'shop', 'queue').metadata.labels?.app, 'queue');
  });

  it('does not wait for the right to read a custom StatefulSet, for its API, nor for a selector that it does not have', async () => {
    for (const granted of [false, true, 'down'] as const) {
      const kit = containmentKit();
      serveKind(kit, { group: 'apps.example.com', kind: 'StatefulSet', plural: 'statefulsets' });
      const [apiVersion, kind, name] = ['apps.example.com/v1', 'StatefulSet', 'queue'];
      const { metadata } = kit.cluster.apply({ apiVersion, kind, metadata: { name, namespace: 'shop' }, spec: {} });
      const owner = { apiVersion, kind, name, uid: metadata.uid, controller: true };
      kit.cluster.apply(queue({ ownerReferences: [owner] }, { nodeName: 'gke-c1-pool-1-5f0a1b2c-b1' }));
      const rule = { verbs: ['get'], groups: ['apps.example.com'], resources: ['statefulsets'] };
      for (const who of ['firebreak-decide', ...(granted === false ? [] : [CONTAIN])])
        kit.cluster.rbac.grant(who, rule);
      await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'queue'))], 'isolate');
      if (granted === 'down') kit.cluster.faults.add({ kind, verb: 'get', times: 10_000, fault: '503' });
      const [carried] = await carry(kit, quarantinePod, undefined, 3);
      // Nobody knows how a custom kind finds its pods.
      const owned =
        'its StatefulSet queue, of a custom kind, still owns it, and may restore its labels or delete it: stop it by hand';
      assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'not proven']);
      assert.equal(carried?.entry.because, owned);
      assert.deepEqual(podNamed(kit, 'shop', 'queue').metadata.labels, { quarantine: 'true' });
    }
  });

  for (const [doubt, says, change] of [
    [
      'another policy allows it traffic',
      /^NetworkPolicy allow-all still allows it traffic$/,
      (kit: Kit) => {
        kit.cluster.apply({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'allow-all', namespace: 'shop' },
          spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
        });
      },
    ],
    [
      'a Service selects it',
      /^Service debug still selects it$/,
      (kit: Kit) => {
        const names = { metadata: { name: 'debug', namespace: 'shop' } };
        kit.cluster.apply({ apiVersion: 'v1', kind: 'Service', ...names, spec: { selector: { quarantine: 'true' } } });
      },
    ],
    [
      'somebody limits how long it tolerates a lost node',
      /^it would be deleted 300 s after its node is cut off$/,
      (kit: Kit, name: string) => {
        kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name }, (draft) => {
          for (const toleration of [draft.spec?.tolerations].flat())
            Object.assign(Object(toleration), { tolerationSeconds: 9 });
        });
      },
    ],
    [
      'somebody removes the label',
      /^the quarantine label was removed again$/,
      (kit: Kit, name: string) => {
        kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name }, (draft) => {
          draft.metadata.labels = {};
        });
      },
    ],
    [
      'the pod is gone',
      /is gone, or another pod now has its name$/,
      (kit: Kit, name: string) => kit.cluster.drop({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name }),
    ],
  ] as const)
    it(`is not proven where ${doubt}`, async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      const [carried] = await carry(kit, quarantinePod);
      assert.ok(carried);
      assert.equal(carried.entry.proof, 'proven', carried.entry.because);
      change(kit, subject.name);
      await kit.clock.advance(60_000);
      kit.world.settle();
      const { proof, because } = await verifyAgain(kit, carried);
      assert.equal(proof, 'not proven');
      assert.match(because ?? '', says);
    });

  for (const [kind, what, says] of [
    [
      'CiliumClusterwideNetworkPolicy',
      { endpointSelector: {}, egress: [{ toEntities: ['world'] }] },
      /^CiliumClusterwideNetworkPolicy p1 may still allow it traffic$/,
    ],
    [
      'ClusterNetworkPolicy',
      {
        tier: 'Admin',
        priority: 1,
        subject: { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
        egress: [{ action: 'Accept', to: [{ networks: ['0.0.0.0/0'] }] }],
      },
      /^ClusterNetworkPolicy p1 may still allow it traffic$/,
    ],
    [
      'FQDNNetworkPolicy',
      { podSelector: {}, egress: [{ matches: [{ pattern: '*' }] }] },
      /^FQDNNetworkPolicy p1 may still allow it traffic$/,
    ],
    ['FQDNNetworkPolicy', { podSelector: { matchLabels: { app: 'cart' } }, egress: [{ matches: [] }] }, undefined],
  ] as const)
    it(`is ${says === undefined ? 'proven' : 'not proven'} beside a ${kind} that ${says === undefined ? 'no longer selects it' : 'allows it traffic'}`, async () => {
      const kit = containmentKit();
      withPolicy(kit, kind, what);
      await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
      for (const step of [denyPodNetwork, quarantinePod]) {
        const [carried] = await carry(kit, step);
        assert.equal(carried?.entry.state, 'applied', carried?.entry.because);
        assert.equal(carried.entry.proof, says === undefined ? 'proven' : 'not proven', carried.entry.because);
        if (says !== undefined) assert.match(carried.entry.because ?? '', says);
      }
    });

  it('says which policies it may not read, and quarantines the pod all the same', async () => {
    const kit = containmentKit();
    withPolicy(kit, 'FQDNNetworkPolicy', { podSelector: {}, egress: [] });
    kit.cluster.rbac.revoke(CONTAIN);
    for (const { group, resource, verbs } of quarantinePod.permissions.rbac)
      if (resource !== 'fqdnnetworkpolicies')
        kit.cluster.rbac.grant(CONTAIN, { verbs, groups: [group], resources: [resource] });
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    const [carried] = await carry(kit, quarantinePod);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'not proven']);
    assert.match(
      carried?.entry.because ?? '',
      /^whether a FQDNNetworkPolicy allows it traffic is not known: .* \(403\)/,
    );
  });

  for (const refusal of [
    new Malformed(
      `Kubernetes refused to patch Pod shop/cart (422): pods "cart" is forbidden: ValidatingAdmissionPolicy 'labels' with binding 'all' denied request: app is required`,
    ),
    new Denied(
      'Kubernetes refused to patch Pod shop/cart (403): admission webhook "labels.example.com" denied the request: app is required',
    ),
  ])
    it(`gives the pod the quarantine label alone where a policy requires its labels (${refusal.name})`, async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const before = podNamed(kit, 'shop', 'cart').metadata.labels;
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      const { clusters } = kit.ports;
      const writer: typeof clusters.writer = (ref) => ({
        ...clusters.writer(ref),
        patch: async (object, patch, subresource) => {
          if (JSON.stringify(patch.body).includes('"app":null')) throw refusal;
          return clusters.writer(ref).patch(object, patch, subresource);
        },
      });
      const guarded = { ...kit, ports: { ...kit.ports, clusters: { ...clusters, writer } } };
      await carry(guarded, denyPodNetwork);
      const [carried] = await carry(guarded, quarantinePod);
      assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'not proven']);
      assert.match(carried?.entry.because ?? '', /^the pod was only given the quarantine label: .*app is required/);
      assert.match(carried?.entry.because ?? '', /Service cart still selects it/);
      assert.match(
        carried?.entry.because ?? '',
        /it has kept app, .*, so its controller may still count and delete it/,
      );
      assert.deepEqual(podNamed(kit, 'shop', 'cart').metadata.labels, { ...before, quarantine: 'true' });
      await releaseStep(guarded, quarantinePod);
      assert.deepEqual(podNamed(kit, 'shop', 'cart').metadata.labels, before);
    });

  for (const isLabelled of [false, true])
    it(`does not spare a pod that was given our mark beforehand${isLabelled ? ', and the label' : ''}: ids of incidents can be foreseen`, async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: subject.name };
      kit.cluster.edit(
        ref,
        ({ metadata }) => {
          metadata.annotations = { 'firebreak.dev/quarantine-pod': STEP_INCIDENT };
          if (isLabelled) metadata.labels = { ...metadata.labels, quarantine: 'true' };
        },
        STRANGER,
      );
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      await carry(kit, denyPodNetwork);
      const [carried] = await carry(kit, quarantinePod);
      assert.deepEqual(kit.cluster.get(ref)?.metadata.labels, { quarantine: 'true' });
      assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
    });

  /** The kit with policies of the cluster that refuse patches with any of these texts. */
  const restricted = (kit: Kit, ...texts: string[]): Kit => {
    const { clusters } = kit.ports;
    const writer: typeof clusters.writer = (ref) => ({
      ...clusters.writer(ref),
      patch: async (object, patch, subresource) => {
        const body = JSON.stringify(patch.body);
        const met = texts.find((text) => body.includes(text));
        if (met !== undefined)
          throw new Denied(
            `Kubernetes refused to patch Pod shop/cart (403): admission webhook "a.example.com" denied the request: ${met}`,
          );
        return clusters.writer(ref).patch(object, patch, subresource);
      },
    });
    return { ...kit, ports: { ...kit.ports, clusters: { ...clusters, writer } } };
  };
  const UNREACHABLE = '"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute"}';
  const UNTOLERATED = 'no toleration of an unreachable node';

  for (const [texts, kept, says] of [
    [[UNREACHABLE], [], `^the pod was given ${UNTOLERATED}: .*node.kubernetes.io/unreachable`],
    [
      [UNREACHABLE, '"app":null'],
      ['app', 'pod-template-hash'],
      `^the pod was only given the quarantine label, and ${UNTOLERATED}: `,
    ],
  ] as const)
    it(`quarantines a pod without a toleration that a policy refuses (${texts.length} policies)`, async () => {
      const kit = containmentKit();
      await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
      const guarded = restricted(kit, ...texts);
      await carry(guarded, denyPodNetwork);
      const [carried] = await carry(guarded, quarantinePod);
      assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'not proven']);
      assert.match(carried?.entry.because ?? '', new RegExp(says));
      assert.match(carried?.entry.because ?? '', /it would be deleted 300 s after its node is cut off/);
      const { labels } = podNamed(kit, 'shop', 'cart').metadata;
      assert.deepEqual(Object.keys(labels ?? {}).toSorted(), [...kept, 'quarantine']);
      const [entry] = await releaseStep(guarded, quarantinePod);
      assert.equal(entry?.state, 'undone', entry?.because);
    });

  it('fails at the quarantine label itself where a policy refuses every change of a pod', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    const [carried] = await carry(restricted(kit, 'uid'), quarantinePod, undefined, 60);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /^denied for 15 minutes: .*denied the request: uid$/);
  });

  for (const [annotation, value, says] of [
    ['k8s.v1.cni.cncf.io/networks', 'macvlan-a', /it is in further networks \(macvlan-a\).*: isolate the node/],
    [
      'networking.gke.io/interfaces',
      '[{"interfaceName":"eth0","network":"default"},{"interfaceName":"eth1","network":"blue"}]',
      /it is in further networks \(blue\)/,
    ],
    ['networking.gke.io/interfaces', '[{"interfaceName":"eth0","network":"default"}]', undefined],
  ] as const)
    it(`${says === undefined ? 'does not doubt' : 'is not proven for'} a pod with ${annotation}: ${value}`, async () => {
      const kit = containmentKit();
      const { name } = podNamed(kit, 'shop', 'cart').metadata;
      kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name }, (draft) => {
        draft.metadata.annotations = { ...draft.metadata.annotations, [annotation]: value };
      });
      await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
      const [carried] = await carry(kit, quarantinePod);
      assert.equal(carried?.entry.proof, says === undefined ? 'proven' : 'not proven', carried?.entry.because);
      if (says !== undefined) assert.match(carried?.entry.because ?? '', says);
    });

  it('is not proven for a pod that somebody has deleted, and that waits for its end', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: subject.name };
    kit.cluster.edit(ref, (draft) => {
      draft.metadata.finalizers = ['example.com/hold'];
    });
    kit.cluster.drop(ref);
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    const [carried] = await carry(kit, quarantinePod);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'not proven']);
    assert.match(carried?.entry.because ?? '', /it is being deleted already, with its evidence/);
  });

  it('is not proven for a pod on the host network', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'edge-probe'))], 'isolate');
    const [carried] = await carry(kit, quarantinePod);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'not proven']);
    assert.match(carried?.entry.because ?? '', /uses the host network.*: isolate the node/);
  });

  it('reads the pod again where somebody labels it between the read and the change', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    const { clusters } = kit.ports;
    let isLate = false;
    const writer: typeof clusters.writer = (ref) => ({
      ...clusters.writer(ref),
      patch: async (...given) => {
        if (!isLate)
          kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: subject.name }, (draft) => {
            draft.metadata.labels = { ...draft.metadata.labels, late: 'yes' };
          });
        isLate = true;
        return clusters.writer(ref).patch(...given);
      },
    });
    const [carried] = await carry(
      { ...kit, ports: { ...kit.ports, clusters: { ...clusters, writer } } },
      quarantinePod,
    );
    assert.equal(carried?.entry.state, 'applied');
    const pod = kit.cluster.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: subject.name });
    assert.deepEqual(pod?.metadata.labels, { quarantine: 'true' });
  });

  it('has nothing to take back on a release from a pod that is gone', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    await carry(kit, quarantinePod);
    kit.cluster.drop({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: subject.name });
    await kit.clock.advance(60_000);
    kit.world.settle();
    const [entry] = await releaseStep(kit, quarantinePod);
    assert.equal(entry?.state, 'undone');
    assert.match(entry.because ?? '', /is gone, or another pod now has its name: nothing is left to take back$/);
  });
});
