import { strict as assert } from 'node:assert';
import { errorOf } from '../../../../shared/adapters/kubernetes-errors.ts';
import { denyPodNetwork } from '../../../../shared/containment/steps/deny-pod-network.ts';
import { Malformed } from '../../../../shared/errors.ts';
import { stepContract } from '../../../contracts/step.ts';
import { containmentKit, type Kit, openIncident, podNamed, subjectOf } from '../../../kit/containment.ts';
import { deliver } from '../../../kit/deliveries.ts';
import { withPolicy } from '../../../kit/policies.ts';
import { carry, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';

const QUARANTINED = { matchLabels: { quarantine: 'true' } };

/** The subject of an incident in a namespace that is deleted with all that is in it. */
const fromDeleted = async (kit: Kit) => {
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  kit.cluster.drop({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' });
  await kit.clock.advance(120_000);
  kit.world.settle();
  return [subject];
};

stepContract({
  step: denyPodNetwork,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  also: [
    fromDeleted,
    async (kit) => {
      withPolicy(kit, 'AdminNetworkPolicy', { subject: { namespaces: {} }, egress: [{ action: 'Allow' }] });
      return [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))];
    },
  ],
  stranger: (kit) =>
    kit.cluster.drop(
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        namespace: 'shop',
        name: 'firebreak-quarantine',
      },
      STRANGER,
    ),
  madeAgain: {
    state: 'applied',
    because: 'it concerns only pods with our label, whichever namespace of that name it is',
  },
});

describe('containment/steps/deny-pod-network', () => {
  it('is skipped where the namespace is deleted, and containment ends', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', await fromDeleted(kit), 'isolate');
    const incident = await deliver(kit);
    assert.equal(incident.state, 'contained');
    const entry = incident.journal.find((e) => e.step === 'deny-pod-network');
    assert.equal(entry?.state, 'skipped');
    assert.match(entry.because ?? '', /^its pods are gone, and the policy was refused: .*namespaces "shop" not found/);
  });

  it('fails where the policy is refused for good while one of its pods lives', async () => {
    const kit = containmentKit();
    const living = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const gone = await subjectOf(kit, podNamed(kit, 'shop', 'debug-shell'));
    kit.cluster.drop({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: gone.name });
    await kit.clock.advance(60_000);
    kit.world.settle();
    await openIncident(kit, STEP_INCIDENT, [living, gone], 'isolate');
    const { clusters } = kit.ports;
    const refused = new Malformed('an admission policy requires an owner on every policy');
    const writer: typeof clusters.writer = (ref) => ({
      ...clusters.writer(ref),
      create: async () => {
        throw refused;
      },
    });
    const [carried] = await carry(
      { ...kit, ports: { ...kit.ports, clusters: { ...clusters, writer } } },
      denyPodNetwork,
    );
    assert.deepEqual([carried?.entry.state, carried?.entry.because], ['failed', refused.message]);
  });

  for (const finalizers of [[], ['example.com/keep']])
    it(`${finalizers.length === 0 ? 'replaces' : 'is refused beside'} a policy that allows all, and was given our mark beforehand${finalizers.length === 0 ? '' : ' and a finalizer'}`, async () => {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const annotations = { 'firebreak.dev/deny-pod-network': subject.namespaceUid };
      kit.cluster.apply({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'firebreak-quarantine', namespace: 'shop', annotations, finalizers },
        spec: { podSelector: QUARANTINED, policyTypes: ['Egress'], egress: [{}] },
      });
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      const [carried] = await carry(kit, denyPodNetwork);
      assert.deepEqual(
        [carried?.entry.state, carried?.entry.proof],
        finalizers.length === 0 ? ['applied', 'proven'] : ['refused', null],
        carried?.entry.because,
      );
    });

  it('waits for a quota on policies, and keeps nothing else waiting', async () => {
    const kit = containmentKit();
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
    const message =
      'networkpolicies.networking.k8s.io "firebreak-quarantine" is forbidden: exceeded quota: objects, requested: count/networkpolicies.networking.k8s.io=1, used: 5, limited: 5';
    const { clusters } = kit.ports;
    const writer: typeof clusters.writer = (ref) => ({
      ...clusters.writer(ref),
      create: async () => {
        throw errorOf({ status: 403, body: { message, reason: 'Forbidden' } }, 'create NetworkPolicy');
      },
    });
    const incident = await deliver({ ...kit, ports: { ...kit.ports, clusters: { ...clusters, writer } } });
    const of = (step: string) => incident.journal.find((entry) => entry.step === step);
    assert.equal(of('quarantine-pod')?.state, 'applied');
    assert.equal(of('deny-pod-network')?.state, 'failed');
    assert.match(of('deny-pod-network')?.because ?? '', /^a quota was used up for 15 minutes: .*exceeded quota/);
  });

  it('is refused where all pods use the host network, and names those that do where some do', async () => {
    for (const [both, state] of [
      [false, 'refused'],
      [true, 'applied'],
    ] as const) {
      const kit = containmentKit();
      const bare = await subjectOf(kit, podNamed(kit, 'shop', 'edge-probe'));
      const others = both ? [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))] : [];
      await openIncident(kit, STEP_INCIDENT, [bare, ...others], 'isolate');
      const [carried] = await carry(kit, denyPodNetwork);
      assert.equal(carried?.entry.state, state);
      assert.match(
        carried.entry.because ?? '',
        both ? /^edge-probe use the host network/ : /isolate the node instead$/,
      );
      assert.notEqual(carried.entry.proof, 'proven');
    }
  });

  for (const [doubt, says] of [
    ['', /it is not ours, so a release does not remove it$/],
    ['another policy allows traffic', /NetworkPolicy allow-all still allows it traffic$/],
    ['a pod uses the host network', /edge-probe use the host network, which the policy does not cover$/],
  ] as const)
    it(`is ${doubt === '' ? 'proven' : 'not proven'} by a policy of its name that denies all${doubt === '' ? '' : ` where ${doubt}`}`, async () => {
      const kit = containmentKit();
      const policy = (name: string, spec: object) =>
        kit.cluster.apply({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name, namespace: 'shop' },
          spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'], ...spec },
        });
      policy('firebreak-quarantine', { podSelector: QUARANTINED });
      if (doubt.includes('policy')) policy('allow-all', { egress: [{}] });
      const names = ['cart', ...(doubt.includes('host') ? ['edge-probe'] : [])];
      const subjects = await Promise.all(names.map((name) => subjectOf(kit, podNamed(kit, 'shop', name))));
      await openIncident(kit, STEP_INCIDENT, subjects, 'isolate');
      const [carried] = await carry(kit, denyPodNetwork);
      assert.deepEqual(
        [carried?.entry.state, carried?.entry.proof],
        ['skipped', doubt === '' ? 'proven' : 'not proven'],
      );
      assert.match(carried?.entry.because ?? '', says);
    });

  for (const [what, spec] of [
    ['denies one way only', { podSelector: QUARANTINED, policyTypes: ['Ingress'] }],
    ['allows something', { podSelector: QUARANTINED, policyTypes: ['Ingress', 'Egress'], egress: [{}] }],
    ['is for more pods than ours', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }],
  ] as const)
    it(`is refused where a policy of its name ${what}`, async () => {
      const kit = containmentKit();
      const metadata = { name: 'firebreak-quarantine', namespace: 'shop' };
      kit.cluster.apply({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec });
      await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
      const [carried] = await carry(kit, denyPodNetwork);
      assert.equal(carried?.entry.state, 'refused');
      assert.match(carried.entry.because ?? '', /exists and does not deny all: remove or rename it/);
    });
});
