import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { planOf } from '../../../shared/decision/plan.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import { decisionKit, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

/** Lets the cluster show the pod as it is before its controller has looked at it. */
const seenWith = (kit: Kit, pod: KubeObject): void => {
  const { clusters } = kit.ports;
  kit.ports.clusters = {
    ...clusters,
    reader: (cluster) => {
      const reader = clusters.reader(cluster);
      return {
        ...reader,
        get: async (ref) =>
          ref.kind === 'Pod' && ref.name === pod.metadata.name ? structuredClone(pod) : reader.get(ref),
      };
    },
  };
};

const evilOf = (kit: Kit, owner: { apiVersion: string; kind: string; name: string; uid: string }): KubeObject => {
  const made = kit.cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'evil', namespace: 'shop', labels: { app: 'evil' } },
    spec: { containers: [{ name: 'm', image: 'x.example.com/m:1' }] },
  });
  return { ...made, metadata: { ...made.metadata, ownerReferences: [{ ...owner, controller: true }] } };
};

const SPEC = { rule: 'spec-privileged', family: 'spec', confidence: 0.8 } as const;

describe('decide, for the owners that a pod names', () => {
  for (const [apiVersion, kind] of [
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'ReplicaSet'],
    ['v1', 'Pod'],
  ] as const)
    it(`does nothing to a ${kind} that a pod names without being part of it`, async () => {
      const kit = decisionKit();
      const named = kit.cluster.list(apiVersion, kind, 'shop').find((o) => o.metadata.name.startsWith('cart'));
      assert.ok(named !== undefined);
      const { name, uid } = named.metadata;
      const evil = evilOf(kit, { apiVersion, kind, name, uid });
      seenWith(kit, evil);
      await kit.decide(findingOn(kit, targetOf(evil), SPEC));
      const incident = await kit.incident();
      assert.deepEqual([incident.key, incident.target.workload], [evil.metadata.uid, undefined]);
      assert.ok(incident.goal !== null);
      const plan = planOf(incident, 'delete-workload', incident.goal, { networkPolicy: true });
      const workloads = plan.filter(({ step }) => /-workload$/.test(step)).map(({ subject }) => subject);
      assert.deepEqual([...new Set(workloads)], ['Pod shop/evil']);
      assert.match(
        incident.findings[0]?.because.join('; ') ?? '',
        /names \S+ cart\S* as its controller, .* is ignored/,
      );
    });

  it('tells an operator that a pod is not part of the controller that it names', async () => {
    const kit = decisionKit();
    const evil = evilOf(kit, { apiVersion: 'v1', kind: 'Secret', name: 'quota', uid: 'u-1' });
    seenWith(kit, evil);
    const request = { action: 'contain', tier: 'quarantine', target: targetOf(evil), reason: 'x', requestedBy: 'ana' };
    const { outcome } = await kit.ask(request);
    assert.match(outcome ?? '', /names Secret quota as its controller, but a Secret does not control a Pod/);
  });

  it('finds the incident of a pod whose labels are gone while it still names its controller', async () => {
    const kit = decisionKit();
    const pod = podNamed(kit, 'shop', 'cart-');
    await kit.decide(findingOn(kit, targetOf(pod)));
    const held = (await kit.incident()).subjects;
    seenWith(kit, { ...pod, metadata: { ...pod.metadata, labels: { quarantine: 'true' } } });
    await kit.decide(
      findingOn(kit, targetOf(pod, true), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }),
    );
    await kit.decide(findingOn(kit, targetOf(pod), SPEC));
    const incident = await kit.incident();
    assert.equal(incident.summary.maxima.length, 3);
    assert.deepEqual(incident.subjects, held);
  });
});
