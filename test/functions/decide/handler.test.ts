import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP } from '../../../local/world/seed.ts';
import { decisionKit, findingOn, type Kit, noticesOf, podNamed, podsNamed, targetOf } from '../../kit/decision.ts';
import { ANA } from '../../kit/requests.ts';

const cart = (kit: Kit) => podNamed(kit, 'shop', 'cart-');
const topics = (kit: Kit) => kit.published.map((p) => p.topic);
const kinds = (kit: Kit) => noticesOf(kit).map(({ kind }) => kind);

describe('decide', () => {
  it('opens an incident on the workload of a pod, decides, holds its subjects and publishes', async () => {
    const kit = decisionKit();
    const pod = cart(kit);
    await kit.decide(findingOn(kit, targetOf(pod)));
    const incident = await kit.incident();
    const deployment = kit.cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' });
    assert.equal(incident.key, deployment?.metadata.uid);
    assert.match(incident.id, /^i-[0-9a-f]{12}-1$/);
    assert.deepEqual(incident.target.workload, { kind: 'Deployment', name: 'cart' });
    const [subject] = incident.subjects;
    assert.ok(subject?.kind === 'pod' && subject.host !== undefined);
    assert.deepEqual(
      [subject.uid, subject.owners.map((o) => o.kind), subject.hostReach, subject.windows],
      [pod.metadata.uid, ['ReplicaSet', 'Deployment'], false, false],
    );
    assert.match(subject.host.id, /^\d+$/);
    assert.deepEqual(
      [incident.severity, incident.confidence, incident.decision?.verdict, incident.decision?.tier],
      ['high', 0.9, 'act', 'quarantine'],
    );
    assert.deepEqual(
      [incident.goal?.rev, incident.goal?.tier, incident.goal?.by, incident.goal?.requested, incident.state],
      [1, 'quarantine', 'policy', false, 'containing'],
    );
    assert.deepEqual(kit.published.find((p) => p.topic === 'containment')?.body, { incident: incident.id });
    assert.deepEqual(kinds(kit), ['opened']);
    const [opened] = incident.outbox;
    const { rule } = incident.findings[0] ?? assert.fail('no finding');
    assert.equal(
      opened?.title,
      `high with confidence 0.90: ${rule} on pod shop/${pod.metadata.name}: quarantine has begun`,
    );
    for (const id of [pod.metadata.uid, subject.host.id])
      assert.deepEqual((await kit.ports.stores.subjects.get(id))?.incidents, [incident.id]);
  });

  it('does not tell people that something has begun while everything is halted', async () => {
    const kit = decisionKit();
    await kit.ask({ action: 'halt', ...ANA });
    await kit.decide(findingOn(kit, targetOf(cart(kit))));
    const { outbox } = await kit.incident();
    assert.match(outbox[0]?.title ?? '', /: quarantine waits, halted by ana@example\.com \(claimed\): seen in triage$/);
    await kit.clock.advance(1000);
    await kit.ask({ action: 'resume', ...ANA });
    await kit.decide(
      findingOn(kit, targetOf(cart(kit)), { rule: 'exec-miner', severity: 'critical', confidence: 0.8 }),
    );
    assert.match((await kit.incident()).outbox.at(-1)?.title ?? '', /: isolate has begun$/);
  });

  it('does not need the halt to be readable', async () => {
    const kit = decisionKit();
    const { halts } = kit.ports.stores;
    kit.ports.stores.halts = { ...halts, get: () => Promise.reject(new Error('not now')) };
    await kit.decide(findingOn(kit, targetOf(cart(kit))));
    assert.match((await kit.incident()).outbox[0]?.title ?? '', /: quarantine has begun$/);
  });

  it('writes the subjects before it publishes the goal', async () => {
    const kit = decisionKit();
    const pod = cart(kit);
    const seen: boolean[] = [];
    const { bus } = kit.ports;
    kit.ports.bus = {
      publish: async (topic, body) => {
        if (topic === 'containment') seen.push((await kit.ports.stores.subjects.get(pod.metadata.uid)) !== undefined);
        return bus.publish(topic, body);
      },
    };
    await kit.decide(findingOn(kit, targetOf(pod)));
    assert.deepEqual(seen, [true]);
  });

  it('records a pod that joins an incident, and its VM, as held', async () => {
    const kit = decisionKit();
    const [first = assert.fail(), second = assert.fail()] = podsNamed(kit, 'shop', 'cart-');
    for (const pod of [first, second]) await kit.decide(findingOn(kit, targetOf(pod)));
    const { id, subjects } = await kit.incident();
    assert.equal(subjects.length, 2);
    for (const one of subjects)
      for (const uid of [one.uid, one.kind === 'pod' ? (one.host?.id ?? assert.fail()) : one.uid])
        assert.deepEqual((await kit.ports.stores.subjects.get(uid))?.incidents, [id]);
  });

  it('changes nothing for a redelivered finding, and publishes again what is due', async () => {
    const kit = decisionKit();
    const finding = findingOn(kit, targetOf(cart(kit)));
    await kit.decide(finding);
    const before = await kit.incident();
    const published = kit.published.length;
    await kit.decide(finding);
    assert.deepEqual(await kit.incident(), before);
    assert.deepEqual(topics(kit).slice(published), ['containment']);
  });

  it('takes a finding that comes again with more weight, and counts it once', async () => {
    const kit = decisionKit();
    const first = findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')), { confidence: 0.3, conclusive: false });
    await kit.decide(first);
    assert.equal((await kit.incident()).goal?.tier, 'snapshot');
    await kit.decide({ ...first, confidence: 0.9, conclusive: true, because: ['the whole command was seen'] });
    for (const again of [first, { ...first, severity: 'low' as const }]) await kit.decide(again);
    const { confidence, goal, summary, findings } = await kit.incident();
    assert.deepEqual([confidence, goal?.tier, summary.count], [0.9, 'quarantine', 1]);
    assert.deepEqual(
      findings.map(({ because }) => because[0]),
      ['the whole command was seen'],
    );
  });

  it('writes at most three times when twenty findings on one pod arrive at once', async () => {
    const kit = decisionKit();
    const pods = podsNamed(kit, 'shop', 'cart-');
    const target = targetOf(cart(kit), true);
    await Promise.all(Array.from({ length: 20 }, () => kit.decide(findingOn(kit, target))));
    const incident = await kit.incident();
    assert.equal(pods.length, 3);
    assert.equal(incident.goal?.rev, 1);
    assert.equal((await kit.ports.stores.findings.list({ key: incident.id })).items.length, 20);
    assert.ok(kit.writes() <= 3, `${kit.writes()} writes`);
    const calls = kit.cluster.calls().length;
    await Promise.all(Array.from({ length: 20 }, () => kit.decide(findingOn(kit, target))));
    const more = kit.cluster.calls().slice(calls);
    assert.equal(
      more.length,
      20,
      'of a pod that is held already only the Node is read again, to see whether its VM is the same',
    );
    assert.ok(kit.writes() <= 3, `${kit.writes()} writes`);
  });

  it('adds a second pod of the workload to the same incident, and then freezes the workload', async () => {
    const kit = decisionKit();
    const [one, two] = podsNamed(kit, 'shop', 'cart-');
    assert.ok(one !== undefined && two !== undefined);
    await kit.decide(findingOn(kit, targetOf(one)));
    assert.equal((await kit.incident()).goal?.options?.freeze, undefined);
    await kit.decide(findingOn(kit, targetOf(two)));
    const incident = await kit.incident();
    assert.deepEqual(
      incident.subjects.map((s) => s.uid),
      [one.metadata.uid, two.metadata.uid].sort(),
    );
    assert.deepEqual(
      [incident.goal?.rev, incident.goal?.tier, incident.goal?.options?.freeze],
      [2, 'quarantine', true],
    );
  });

  it('finds the incident of a pod that was taken out of its controller', async () => {
    const kit = decisionKit();
    const pod = cart(kit);
    await kit.decide(findingOn(kit, targetOf(pod)));
    kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name }, (draft) => {
      draft.metadata.ownerReferences = [];
      draft.metadata.labels = { quarantine: 'true' };
    });
    await kit.decide(findingOn(kit, targetOf(pod), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }));
    const incident = await kit.incident();
    assert.equal(incident.summary.maxima.length, 2);
    assert.equal(incident.subjects.length, 1);
  });

  it('isolates a pod that has its node within reach', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'node-agent'))));
    const { decision } = await kit.incident();
    assert.equal(decision?.tier, 'isolate');
    assert.ok(decision?.because.some((line) => line.includes('access to the node')));
  });

  it('does not go above snapshot on CPU evidence alone', async () => {
    const kit = decisionKit();
    const cpu = { rule: 'busy-cpu', family: 'cpu', severity: 'critical', confidence: 0.95, conclusive: false } as const;
    await kit.decide(findingOn(kit, targetOf(cart(kit)), cpu));
    assert.equal((await kit.incident()).goal?.tier, 'snapshot');
  });

  it('does not go above the protection of a namespace', async () => {
    const kit = decisionKit();
    const pod = kit.cluster.list('v1', 'Pod', 'kube-system')[0];
    assert.ok(pod !== undefined);
    await kit.decide(findingOn(kit, targetOf(pod), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }));
    const { decision } = await kit.incident();
    assert.deepEqual([decision?.tier, decision?.asked], ['snapshot', undefined]);
    assert.ok(decision?.because.some((line) => line.includes('kube-system is protected')));
  });

  it('decides the same tier in a dry run, without an ask', async () => {
    const kit = decisionKit('mode: dry-run');
    await kit.decide(
      findingOn(kit, targetOf(cart(kit)), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }),
    );
    const { decision, goal } = await kit.incident();
    assert.deepEqual(
      [decision?.verdict, decision?.tier, decision?.asked, goal?.mode],
      ['dry-run', 'isolate', undefined, 'dry-run'],
    );
  });

  it('only notifies people about a cluster target, with commands to investigate', async () => {
    const kit = decisionKit();
    const target = { ...SHOP, principal: 'ana@example.com' };
    const over = { rule: 'binding-to-everybody', family: 'rbac', severity: 'critical', confidence: 0.9 } as const;
    await kit.decide(findingOn(kit, target, over));
    const incident = await kit.incident();
    assert.deepEqual([incident.decision?.tier, incident.goal, incident.state], ['observe', null, 'open']);
    assert.deepEqual(topics(kit), ['notices']);
    assert.ok(
      incident.outbox[0]?.lines.some((line) => line.includes("kubectl auth can-i --list --as 'ana@example.com'")),
    );
    await kit.decide(findingOn(kit, { ...SHOP, principal: 'ben@example.com' }, over));
    assert.equal((await kit.incidents()).length, 2);
  });
});
