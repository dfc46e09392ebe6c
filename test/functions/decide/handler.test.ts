import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeDecide } from '../../../functions/decide/handler.ts';
import { SHOP } from '../../../local/world/seed.ts';
import { Malformed } from '../../../shared/errors.ts';
import { notice } from '../../../shared/model/notice.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { noticeLines } from '../../../shared/views/notice-text.ts';
import {
  appliedEntry,
  decisionKit,
  envelopeOf,
  findingOn,
  type Kit,
  podNamed,
  podsNamed,
  targetOf,
} from '../../kit/decision.ts';

const MINUTE = 60_000;
const cart = (kit: Kit) => podNamed(kit, 'shop', 'cart-');
const topics = (kit: Kit) => kit.published.map((p) => p.topic);
const kinds = (kit: Kit) =>
  kit.published.flatMap(({ topic, body }) =>
    topic === 'notices' && typeof body === 'object' && body !== null && 'kind' in body ? [String(body.kind)] : [],
  );

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
    for (const id of [pod.metadata.uid, subject.host.id])
      assert.deepEqual((await kit.ports.stores.subjects.get(id))?.incidents, [incident.id]);
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
    assert.equal(kit.cluster.calls().length, calls, 'a pod that is held already is not read again');
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

  it('runs what may run by itself and asks for the higher tier', async () => {
    const kit = decisionKit();
    await kit.decide(
      findingOn(kit, targetOf(cart(kit)), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }),
    );
    const { decision, goal } = await kit.incident();
    assert.deepEqual(
      [decision?.verdict, decision?.tier, decision?.asked?.tier, goal?.tier],
      ['act', 'isolate', 'delete-workload', 'isolate'],
    );
    assert.equal(decision?.asked?.until, timeOf(kit.clock.now() + 60 * MINUTE));
    assert.deepEqual(kinds(kit), ['opened', 'ask']);
  });

  it('says in every notice of an ask what an approval adds to its tier', async () => {
    const kit = decisionKit('mode: act\nstopFirst: [{ when: { namespace: shop }, because: it destroys things }]');
    await kit.decide(
      findingOn(kit, targetOf(cart(kit)), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }),
    );
    const told = kit.published.flatMap(({ topic, body }) => (topic === 'notices' ? [notice.parse(body)] : []));
    assert.match(told.at(-1)?.title ?? '', /approve delete-workload without waiting for evidence[?]$/);
    for (const one of told)
      assert.match(noticeLines(one).join('\n'), /^Approve delete-workload without waiting for evidence[?] Answer by/m);
  });

  it('asks until an hour after the first ask, however often the evidence is confirmed', async () => {
    const kit = decisionKit();
    const miner = { rule: 'exec-miner', severity: 'critical', confidence: 0.95 } as const;
    await kit.decide(findingOn(kit, targetOf(cart(kit)), miner));
    const first = (await kit.incident()).decision?.asked;
    await kit.clock.advance(10 * MINUTE);
    await kit.decide(findingOn(kit, targetOf(cart(kit)), miner));
    const { decision, summary } = await kit.incident();
    assert.equal(summary.count, 2);
    assert.deepEqual(decision?.asked, first);
    assert.deepEqual(kinds(kit), ['opened', 'ask']);
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

  it('throws Malformed for a message that is not a finding', async () => {
    const kit = decisionKit();
    const decide = makeDecide(kit.ports);
    for (const body of [null, {}, [], 'x', { ...findingOn(kit, targetOf(cart(kit))), extra: 1 }])
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

describe('decide, over time', () => {
  it('opens the next episode when the window is over, and not before', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit));
    await kit.decide(findingOn(kit, target));
    const { id } = await kit.incident();
    await kit.carryOut(id);
    await kit.clock.advance(30 * MINUTE);
    await kit.decide(findingOn(kit, target));
    await kit.incident();
    await kit.clock.advance(30 * MINUTE + 1);
    await kit.decide(findingOn(kit, target));
    const all = await kit.incidents();
    assert.deepEqual(
      all.map((i) => [i.key, i.episode]),
      [
        [all[0]?.key, 1],
        [all[0]?.key, 2],
      ],
    );
  });

  it('extends the window from the last finding, even if that was not written to the incident', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit), true);
    await kit.decide(findingOn(kit, target));
    await kit.carryOut((await kit.incident()).id);
    await kit.clock.advance(4 * MINUTE);
    const writes = kit.writes();
    await kit.decide(findingOn(kit, target));
    assert.equal(kit.writes(), writes);
    await kit.clock.advance(29 * MINUTE);
    await kit.decide(findingOn(kit, target));
    await kit.incident();
  });

  it('adds every finding to the incident while changes are in force', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit));
    await kit.decide(findingOn(kit, target));
    await kit.carryOut((await kit.incident()).id, [appliedEntry(kit)]);
    await kit.clock.advance(48 * 60 * MINUTE);
    await kit.decide(findingOn(kit, target));
    assert.equal((await kit.incident()).summary.count, 2);
  });

  it('carries out what it had only tried in a dry run, once the policy acts, and nothing else', async () => {
    const kit = decisionKit('mode: dry-run');
    const target = targetOf(cart(kit));
    await kit.decide(findingOn(kit, target, { confidence: 0.8 }));
    const { id, goal: played } = await kit.incident();
    assert.deepEqual([played?.rev, played?.mode], [1, 'dry-run']);
    await kit.carryOut(id);
    await kit.decide(findingOn(kit, target, { confidence: 0.81 }));
    assert.deepEqual((await kit.incident()).goal, played, 'still a dry run: nothing to begin');
    kit.ports.policy = { ...kit.ports.policy, mode: 'act' };
    await kit.decide(findingOn(kit, target, { confidence: 0.82 }));
    const { goal } = await kit.incident();
    assert.deepEqual([goal?.rev, goal?.mode, goal?.tier], [2, 'act', played?.tier]);
    await kit.decide(findingOn(kit, target, { confidence: 0.83 }));
    assert.deepEqual((await kit.incident()).goal, goal, 'it acts already');
    kit.ports.policy = { ...kit.ports.policy, mode: 'dry-run' };
    await kit.decide(findingOn(kit, target, { confidence: 0.84 }));
    assert.deepEqual((await kit.incident()).goal, goal, 'what acts is capped by the policy, and is no other goal');
  });

  it('says that nothing is done to a pod that a full incident cannot take in', async () => {
    const kit = decisionKit();
    const workload = { kind: 'Deployment', name: 'cart' };
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(ref, (draft) => Object.assign(draft.spec ?? {}, { replicas: 70 }));
    kit.world.settle();
    await kit.clock.advance(MINUTE);
    const { pod: _, ...place } = targetOf(cart(kit));
    const who = { reason: 'seen in triage', requestedBy: 'ana@example.com' };
    await kit.ask({ action: 'contain', tier: 'quarantine', target: { ...place, workload }, ...who });
    const { subjects } = await kit.incident();
    const pods = podsNamed(kit, 'shop', 'cart-');
    const left =
      pods.find(({ metadata }) => subjects.every((s) => s.uid !== metadata.uid)) ?? assert.fail('all are held');
    const miner = { rule: 'exec-miner', severity: 'critical', confidence: 0.95 } as const;
    await kit.decide(findingOn(kit, targetOf(left), miner));
    const { findings, outbox } = await kit.incident();
    const said = `pod shop/${left.metadata.name}: nothing is done here, since this incident holds 60 already; contain its node, or delete it by hand`;
    assert.ok(findings.some(({ because }) => because.includes(said)));
    assert.ok(outbox.some(({ lines }) => lines.includes(said)));
  });

  it('only asks for what happened before a release, however late the finding comes, and acts on what is newer', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit));
    await kit.decide(findingOn(kit, target));
    const { id } = await kit.incident();
    const at = timeOf(kit.clock.now());
    await kit.clock.advance(MINUTE);
    await kit.ask({ action: 'release', incident: id, reason: 'false alarm', requestedBy: 'ana@example.com' });
    await kit.carryOut(id);
    await kit.clock.advance(90 * MINUTE);
    const next = async () => (await kit.incidents()).find((i) => i.episode === 2) ?? assert.fail('no next episode');
    await kit.decide(findingOn(kit, target, { at }));
    assert.deepEqual([(await next()).goal, (await next()).decision?.asked?.tier], [null, 'quarantine']);
    assert.match((await next()).decision?.because.join() ?? '', /all that was seen happened before the release of/);
    await kit.decide(findingOn(kit, target));
    assert.equal((await kit.incidents()).find(({ goal }) => goal?.tier === 'quarantine')?.decision?.verdict, 'act');
  });

  it('only asks after a release, until the cooldown is over', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit));
    await kit.decide(findingOn(kit, target));
    const { id } = await kit.incident();
    const released = await kit.ask({
      action: 'release',
      incident: id,
      reason: 'false alarm',
      requestedBy: 'ana@example.com',
    });
    assert.equal(released.state, 'accepted');
    await kit.carryOut(id);
    await kit.clock.advance(MINUTE);
    await kit.decide(findingOn(kit, target));
    const next = (await kit.incidents()).find((i) => i.episode === 2);
    assert.deepEqual(
      [next?.decision?.verdict, next?.decision?.asked?.tier, next?.goal, next?.state],
      ['ask', 'quarantine', null, 'asking'],
    );
    await kit.clock.advance(25 * MINUTE);
    await kit.decide(findingOn(kit, target));
    await kit.clock.advance(25 * MINUTE);
    await kit.decide(findingOn(kit, target));
    await kit.clock.advance(9 * MINUTE + 1);
    await kit.decide(findingOn(kit, target));
    const after = (await kit.incidents()).find((i) => i.episode === 2);
    assert.deepEqual([after?.decision?.verdict, after?.goal?.tier], ['act', 'quarantine']);
  });

  it('only asks after a release, even if another episode has ended since', async () => {
    for (const ending of ['a close', 'silence']) {
      const kit = decisionKit();
      const target = targetOf(cart(kit));
      const end = (action: string, incident: string) =>
        kit.ask({ action, incident, reason: 'false alarm', requestedBy: 'ana@example.com' });
      await kit.decide(findingOn(kit, target));
      const { id } = await kit.incident();
      await end('release', id);
      await kit.carryOut(id);
      await kit.clock.advance(MINUTE);
      await kit.decide(findingOn(kit, target));
      const second = (await kit.incidents()).find((i) => i.episode === 2) ?? assert.fail();
      if (ending === 'a close') {
        await end('close', second.id);
        await kit.carryOut(second.id);
      } else await kit.clock.advance(36 * MINUTE);
      await kit.decide(findingOn(kit, target));
      const third = (await kit.incidents()).find((i) => i.episode === 3);
      assert.deepEqual([third?.decision?.verdict, third?.goal], ['ask', null], ending);
      await kit.clock.advance(60 * MINUTE);
      await kit.decide(findingOn(kit, target));
      const last = (await kit.incidents()).at(-1);
      assert.equal(last?.goal?.tier, 'quarantine', ending);
    }
  });

  it('takes over what a close left in force, even if an episode without a goal came in between', async () => {
    const kit = decisionKit();
    const target = targetOf(cart(kit), true);
    await kit.decide(findingOn(kit, target));
    const { id, subjects } = await kit.incident();
    await kit.carryOut(id, [appliedEntry(kit)]);
    await kit.ask({ action: 'close', incident: id, reason: 'kept on purpose', requestedBy: 'ana@example.com' });
    await kit.carryOut(id, [appliedEntry(kit)]);
    await kit.decide(findingOn(kit, target, { severity: 'low', confidence: 0.2, conclusive: false }));
    const second = (await kit.incidents()).find((i) => i.episode === 2) ?? assert.fail();
    assert.deepEqual([second.goal, second.takesOver], [null, id]);
    await kit.clock.advance(36 * MINUTE);
    await kit.decide(findingOn(kit, target));
    const third = (await kit.incidents()).find((i) => i.episode === 3) ?? assert.fail();
    assert.deepEqual(
      [third.goal?.tier, third.takesOver, third.subjects.length],
      ['quarantine', second.id, subjects.length],
    );
  });
});
