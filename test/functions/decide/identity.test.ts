import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeDecide } from '../../../functions/decide/handler.ts';
import { SHOP } from '../../../local/world/seed.ts';
import { Malformed, Transient } from '../../../shared/errors.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { decisionKit, envelopeOf, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

const MINUTE = 60_000;
const cart = (kit: Kit) => podNamed(kit, 'shop', 'cart-');
const topics = (kit: Kit) => kit.published.map((p) => p.topic);

describe('decide, on identity', () => {
  const untouched = async (kit: Kit, sentence: RegExp) => {
    const incident = await kit.incident();
    assert.deepEqual([incident.subjects, incident.goal, incident.decision?.tier], [[], null, 'observe']);
    assert.match(incident.findings[0]?.because.join('; ') ?? '', sentence);
    assert.ok(!topics(kit).includes('containment'));
  };

  it('acts on nothing if the pod of that name has another UID', async () => {
    const kit = decisionKit();
    const uid = '11111111-2222-4333-8444-555555555555';
    await kit.decide(findingOn(kit, { ...targetOf(cart(kit)), uid }));
    await untouched(kit, /now another object/);
    assert.equal((await kit.incident()).key, uid);
  });

  it('acts on nothing if the pod was made after the event', async () => {
    const kit = decisionKit();
    const at = timeOf(kit.clock.now() - 3_000);
    await kit.decide(findingOn(kit, targetOf(cart(kit)), { at }));
    await untouched(kit, /was created at .* after the event/);
  });

  it('acts on nothing if the pod was made while a finding waited whose source has a clock that is ahead', async () => {
    const kit = decisionKit();
    const one = findingOn(kit, targetOf(cart(kit)), { at: timeOf(kit.clock.now() + 10 * MINUTE) });
    const published = kit.clock.now() - 3_000;
    await kit.clock.advance(MINUTE);
    for (const id of ['m-1', 'm-2']) await makeDecide(kit.ports)(envelopeOf('findings', id, one, published));
    await untouched(kit, /was created at .* after the event/);
    assert.equal((await kit.incident()).window.from, timeOf(published));
  });

  it('tolerates clocks that differ by two seconds', async () => {
    const kit = decisionKit();
    const at = timeOf(kit.clock.now() - 2_000);
    await kit.decide(findingOn(kit, targetOf(cart(kit)), { at }));
    assert.equal((await kit.incident()).goal?.tier, 'quarantine');
  });

  it('dates a finding from the future as now, so that it cannot hold the window open', async () => {
    const kit = decisionKit();
    const at = timeOf(kit.clock.now() + 60 * MINUTE);
    await kit.decide(findingOn(kit, targetOf(cart(kit)), { at }));
    const { window } = await kit.incident();
    assert.equal(window.from, timeOf(kit.clock.now()));
  });

  it('follows a pod to the VM that was made again for its Node, whether a finding names it by name or by UID', async () => {
    for (const byUid of [false, true]) {
      const kit = decisionKit();
      const pod = cart(kit);
      await kit.decide(findingOn(kit, targetOf(pod, byUid)));
      const node = String(pod.spec?.nodeName);
      const [url = ''] = [...kit.world.compute.state.instances.keys()].filter((key) => key.endsWith(`/${node}`));
      kit.cluster.reality.remade.add(node);
      kit.world.compute.stranger.recreate(url);
      await kit.clock.advance(MINUTE);
      kit.world.settle();
      const [before] = (await kit.incident()).subjects;
      await kit.decide(findingOn(kit, targetOf(pod, byUid), { confidence: 0.89 }));
      const [after] = (await kit.incident()).subjects;
      assert.ok(before?.kind === 'pod' && after?.kind === 'pod');
      assert.notEqual(after.host?.id, before.host?.id, `by UID: ${byUid}`);
      assert.deepEqual(after.formerHosts, [before.host]);
    }
  });

  it('merges a finding on a pod that it holds also while the cluster does not answer', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit), true);
    await kit.decide(findingOn(kit, target));
    const fails = () => Promise.reject(new Transient('the cluster does not answer'));
    kit.ports.clusters = {
      ...kit.ports.clusters,
      reader: () => ({ get: fails, list: fails, each: fails, log: fails }),
    };
    await kit.decide(findingOn(kit, target, { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }));
    assert.equal((await kit.incident()).severity, 'critical');
  });

  it('records a finding on a pod that is gone', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, { ...SHOP, namespace: 'shop', pod: 'cart-gone' }));
    await untouched(kit, /does not exist now/);
  });

  it('does not join an incident of another cluster by the UID that a finding names', async () => {
    const kit = decisionKit();
    const other = { project: 'p1', location: 'europe-west1', cluster: 'c2' };
    kit.world.addCluster(other);
    const pod = cart(kit);
    await kit.decide(findingOn(kit, targetOf(pod, true)));
    await kit.decide(
      findingOn(
        kit,
        { ...targetOf(pod, true), ...other },
        { rule: 'exec-miner', severity: 'critical', confidence: 0.95 },
      ),
    );
    const all = await kit.incidents();
    assert.equal(all.find((i) => i.target.cluster === 'c1')?.summary.maxima.length, 1);
  });

  it('refuses a cluster that is not served, and counts it with a sentence', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, { ...targetOf(cart(kit)), cluster: 'c9' }));
    assert.deepEqual(await kit.incidents(), []);
    assert.match(kit.counted[0]?.message ?? '', /c9 is not served/);
  });

  const claims: Array<[string, Parameters<typeof findingOn>[2], RegExp]> = [
    ['of a rule that nobody knows', { rule: 'made-up' }, /rule made-up is not known/],
    ['more severe than its rule', { severity: 'critical' }, /severity critical is above the high that rule/],
    ['surer than its rule', { confidence: 0.95 }, /confidence 0.95 is above the 0.9 that rule/],
    ['of another family than its rule', { family: 'threat-feed' }, /evidence of exec, not threat-feed/],
    [
      'surer than its source may be',
      { rule: 'feed-shell', family: 'threat-feed', source: 'falco', conclusive: false },
      /above the medium that source falco/,
    ],
    ['of a source that nobody knows', { source: 'made-up' }, /rule exec-shell reads nothing of source made-up/],
    ['of a source that its rule does not read', { source: 'falco' }, /rule exec-shell reads nothing of source falco/],
    [
      'that is conclusive, of a rule that never is',
      { rule: 'feed-shell', family: 'threat-feed', source: 'falco' },
      /rule feed-shell is never conclusive/,
    ],
  ];
  for (const [what, over, sentence] of claims)
    it(`refuses a finding ${what}`, async () => {
      const kit = decisionKit('mode: act\nsources: { falco: { max: { severity: medium } } }');
      await kit.decide(findingOn(kit, targetOf(cart(kit)), over));
      assert.deepEqual(await kit.incidents(), []);
      assert.match(kit.counted[0]?.message ?? '', sentence);
    });

  it('throws Malformed for a finding of a time that does not exist, and records nothing', async () => {
    for (const at of ['2026-13-02T03:00:00.000Z', '2026-03-32T03:00:00.000Z', '2026-03-02T99:00:00.000Z']) {
      const kit = decisionKit();
      await assert.rejects(kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')), { at })), Malformed);
      assert.deepEqual((await kit.ports.stores.findings.list({})).items, []);
    }
  });

  it('throws Malformed for a message that is not a finding', async () => {
    const kit = decisionKit();
    const decide = makeDecide(kit.ports);
    for (const body of [null, {}, [], 'x', { ...findingOn(kit, targetOf(cart(kit))), confidence: 2 }])
      await assert.rejects(decide(envelopeOf('findings', 'm', body, kit.clock.now())), Malformed);
  });

  it('names the node by its UID if Autopilot hides the VM', async () => {
    const kit = decisionKit();
    const pod = cart(kit);
    Object.assign(kit.cluster.described, { autopilot: { enabled: true } });
    kit.ports.compute = { ...kit.ports.compute, instance: async () => undefined };
    await kit.decide(findingOn(kit, targetOf(pod)));
    const [subject] = (await kit.incident()).subjects;
    const node = kit.cluster.get({ apiVersion: 'v1', kind: 'Node', name: String(pod.spec?.nodeName) });
    assert.ok(subject?.kind === 'pod' && subject.host !== undefined);
    assert.deepEqual([subject.host.id, subject.host.instance], [node?.metadata.uid, undefined]);
  });
});
