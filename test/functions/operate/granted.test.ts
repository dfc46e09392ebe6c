import { strict as assert } from 'node:assert';
import { makeDecide } from '../../../functions/decide/handler.ts';
import { SHOP } from '../../../local/world/seed.ts';
import { planOf } from '../../../shared/decision/plan.ts';
import { readPolicy } from '../../../shared/decision/policy.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Tier } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { Target } from '../../../shared/model/target.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { REPLAY } from '../../../shared/replay.ts';
import { decisionKit, envelopeOf, findingOn, type Kit, podsNamed, targetOf } from '../../kit/decision.ts';

const MINUTE = 60_000;
const ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com' };
const MINER = { rule: 'exec-miner', severity: 'critical', confidence: 0.95 } as const;
const WEAK = { severity: 'low', confidence: 0.2, conclusive: false } as const;
const MEDIUM = { severity: 'medium', confidence: 0.8, conclusive: false } as const;

const pod = (kit: Kit, n: number) => podsNamed(kit, 'shop', 'cart-')[n] ?? assert.fail(`no cart ${n}`);
const cart = (kit: Kit, n: number): Target => targetOf(pod(kit, n));
const see = (kit: Kit, n: number, over: Partial<Finding> = {}) => kit.decide(findingOn(kit, cart(kit, n), over));
const contain = (kit: Kit, tier: Tier, over: object) => kit.ask({ action: 'contain', tier, ...ANA, ...over });

/** The tiers granted for the carts, by their number. */
const grants = (kit: Kit, { goal }: Incident): Record<number, Tier> =>
  Object.fromEntries(
    podsNamed(kit, 'shop', 'cart-').flatMap(({ metadata }, n) => {
      const grant = goal?.covers?.find(({ uid }) => uid === metadata.uid);
      return grant === undefined ? [] : [[n, grant.tier]];
    }),
  );

/** An incident on the first cart, on which an operator requested a tier without any finding. */
const asked = async (tier: Tier, policy?: string) => {
  const kit = decisionKit(policy);
  await contain(kit, tier, { target: cart(kit, 0) });
  const incident = await kit.incident();
  await kit.carryOut(incident.id);
  return { kit, id: incident.id };
};

describe('a goal that an operator requested in a dry run', () => {
  const inEarnest = async () => {
    const kit = decisionKit('mode: dry-run');
    await contain(kit, 'delete-host', { target: cart(kit, 0), stopFirst: true });
    await kit.carryOut((await kit.incident()).id);
    const { policy, hash } = readPolicy('mode: act');
    Object.assign(kit.ports, { policy, policyHash: hash });
    return kit;
  };

  it('is not begun in earnest by a weak finding, once the policy acts', async () => {
    const kit = await inEarnest();
    await see(kit, 0, WEAK);
    const { goal, decision } = await kit.incident();
    assert.deepEqual([goal?.rev, goal?.mode, decision?.tier], [1, 'dry-run', 'observe']);
  });

  it('does not add its tier or options to what the policy decides itself', async () => {
    const kit = await inEarnest();
    await see(kit, 0, MINER);
    const { goal, decision } = await kit.incident();
    assert.deepEqual([goal?.rev, goal?.tier, goal?.mode, goal?.requested], [2, 'isolate', 'act', false]);
    assert.deepEqual([goal?.covers, goal?.stopFirst, decision?.asked?.tier], [undefined, undefined, 'delete-workload']);
  });
});

describe('a goal that an operator requested', () => {
  it('covers the pods of that time: a weak finding on another pod changes nothing, and is mentioned once', async () => {
    const { kit } = await asked('delete-host');
    await see(kit, 1, WEAK);
    const { goal, decision, outbox, subjects } = await kit.incident();
    assert.equal(subjects.length, 2);
    assert.deepEqual(
      [goal?.rev, goal?.tier, goal?.requested, goal?.otherwise],
      [1, 'delete-host', true, { tier: 'observe' }],
    );
    assert.deepEqual(grants(kit, await kit.incident()), { 0: 'delete-host' });
    const said = `not covered by what was granted (delete-host): pod shop/${pod(kit, 1).metadata.name} joined later, so the policy decides for them: observe`;
    assert.deepEqual([decision?.tier, decision?.asked], ['delete-host', undefined]);
    assert.ok(decision?.because.includes('requested by ana@example.com (claimed): seen in triage'));
    assert.equal(decision?.because.filter((line) => line === said).length, 1);
    const told = outbox.filter(({ lines }) => lines.includes(said));
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['info'],
    );
    await see(kit, 1, { ...WEAK, confidence: 0.21 });
    const after = await kit.incident();
    assert.equal(after.outbox.length, outbox.length);
    assert.equal(after.decision?.because.filter((line) => line.startsWith('not covered')).length, 1);
  });

  it('lets the policy decide for another pod, and ask for the rest', async () => {
    const { kit } = await asked('delete-host');
    await see(kit, 1, MEDIUM);
    const first = await kit.incident();
    assert.deepEqual(
      [first.goal?.rev, first.goal?.tier, first.goal?.otherwise],
      [2, 'delete-host', { tier: 'snapshot' }],
    );
    await see(kit, 1, MINER);
    const { goal, decision } = await kit.incident();
    assert.deepEqual(
      [goal?.rev, goal?.tier, goal?.otherwise?.tier, goal?.by],
      [3, 'delete-host', 'isolate', 'ana@example.com (claimed)'],
    );
    assert.deepEqual([decision?.tier, decision?.asked?.tier], ['delete-host', 'delete-workload']);
    assert.ok(decision?.because.some((line) => line.endsWith('so the policy decides for them: isolate')));
  });

  it('makes no ask for a pod that it covers at a higher tier', async () => {
    const { kit } = await asked('delete-host');
    await see(kit, 0, MINER);
    const { goal, decision } = await kit.incident();
    assert.deepEqual([goal?.rev, decision?.tier, decision?.asked], [1, 'delete-host', undefined]);
  });

  it('keeps its reason, and says once why evidence asks for more', async () => {
    const { kit } = await asked('isolate');
    await see(kit, 0, MINER);
    await see(kit, 0, { ...MINER, confidence: 0.96 });
    const { decision, outbox } = await kit.incident();
    assert.deepEqual([decision?.tier, decision?.asked?.tier], ['isolate', 'delete-workload']);
    const [first, second, third, ...others] = decision?.because ?? [];
    assert.equal(first, 'requested by ana@example.com (claimed): seen in triage');
    assert.equal(second, 'beyond what was requested (isolate): what was seen asks for delete-workload, because');
    assert.match(third ?? '', /^critical with confidence 0\.\d\d .* is delete-workload in the matrix/);
    assert.ok(!others.some((line) => line.startsWith('beyond')));
    assert.ok(outbox.find(({ kind }) => kind === 'ask')?.lines.includes(second ?? ''));
  });

  it('keeps the reasons of an ask by evidence when operators request lower tiers', async () => {
    const kit = decisionKit();
    await see(kit, 0, MINER);
    const { id } = await kit.incident();
    for (const reason of ['first', 'second']) {
      await contain(kit, 'isolate', { incident: id, reason });
      const { decision } = await kit.incident();
      assert.deepEqual(decision?.because.slice(0, 2), [
        `requested by ana@example.com (claimed): ${reason}`,
        'beyond what was requested (isolate): what was seen asks for delete-workload, because',
      ]);
      assert.match(decision?.because[2] ?? '', /is delete-workload in the matrix$/);
      assert.ok(!decision?.because.slice(2).some((line) => /^(beyond|requested)/.test(line)));
    }
  });

  it('covers another pod only up to the tier approved for that pod', async () => {
    const { kit, id } = await asked('delete-host');
    await see(kit, 1, MINER);
    const plan = (await kit.incident()).decision?.asked?.plan;
    const record = await kit.ask({ action: 'approve', incident: id, plan, ...ANA });
    assert.match(record.outcome ?? '', /approved: delete-workload starts; delete-host continues for the subjects/);
    const approved = await kit.incident();
    assert.deepEqual(grants(kit, approved), { 0: 'delete-host', 1: 'delete-workload' });
    assert.deepEqual([approved.goal?.tier, approved.decision?.asked], ['delete-host', undefined]);
    await see(kit, 1, MINER);
    assert.equal((await kit.incident()).decision?.asked, undefined);
    await see(kit, 2, WEAK);
    assert.deepEqual(grants(kit, await kit.incident()), { 0: 'delete-host', 1: 'delete-workload' });
    assert.equal((await kit.incident()).decision?.asked?.tier, 'delete-workload');
  });

  it('covers another pod that is named, up to the tier requested for that pod', async () => {
    const { kit } = await asked('delete-host');
    const record = await contain(kit, 'quarantine', { target: cart(kit, 1) });
    assert.match(
      record.outcome ?? '',
      /^quarantine starts: delete-host continues for the subjects that it was granted for/,
    );
    assert.deepEqual(grants(kit, await kit.incident()), { 0: 'delete-host', 1: 'quarantine' });
    const lower = await contain(kit, 'snapshot', { target: cart(kit, 1) });
    assert.match(lower.outcome ?? '', /^delete-host instead of snapshot: the goal is already delete-host/);
    assert.deepEqual(grants(kit, await kit.incident()), { 0: 'delete-host', 1: 'quarantine' });
  });

  it('deletes only the node of the named pod, whatever else the incident holds', async () => {
    for (const by of ['ana', 'the policy'] as const) {
      const kit = decisionKit();
      if (by === 'ana') await contain(kit, 'quarantine', { target: cart(kit, 0) });
      else await see(kit, 0);
      const record = await contain(kit, 'delete-host', { target: cart(kit, 1) });
      const name = pod(kit, 1).metadata.name;
      assert.equal(record.outcome, `delete-host starts: for pod shop/${name} alone`);
      const incident = await kit.incident();
      const goal = incident.goal ?? assert.fail();
      const plan = planOf(incident, 'delete-host', goal, { networkPolicy: true });
      const nodes = plan.flatMap(({ step, subject }) => (step === 'delete-host' ? [subject] : []));
      assert.deepEqual(nodes, [pod(kit, 1).spec?.nodeName], by);
      const cut = plan.flatMap(({ step, subject }) => (step === 'quarantine-pod' ? [subject] : []));
      assert.deepEqual(cut, [`shop/${pod(kit, 0).metadata.name}`], by);
    }
  });

  it('says which others of its incident a tier is for as well, where one pod is named', async () => {
    const { kit } = await asked('snapshot');
    const [first, second] = [0, 1].map((at) => `pod shop/${pod(kit, at).metadata.name}`);
    const quarantine = await contain(kit, 'quarantine', { target: cart(kit, 1) });
    assert.equal(quarantine.outcome, `quarantine starts: also for ${first}, which the incident holds too`);
    assert.deepEqual(grants(kit, await kit.incident()), { 0: 'quarantine', 1: 'quarantine' });
    const isolate = await contain(kit, 'isolate', { target: cart(kit, 0) });
    assert.equal(isolate.outcome, `isolate starts: also for ${second}, which the incident holds too`);
    const { outbox } = await kit.incident();
    assert.ok(outbox.at(-1)?.lines.includes(`also for ${second}, which the incident holds too`));
  });

  it('names nobody beside the pod that is named where the others have the tier already', async () => {
    const { kit } = await asked('quarantine');
    const { outcome } = await contain(kit, 'quarantine', { target: cart(kit, 1) });
    assert.equal(outcome, 'quarantine starts');
  });

  it('is asked of another operator, and approved, for the named pod only', async () => {
    const kit = decisionKit('mode: act\noperators: { another: [delete-host] }');
    Object.assign(kit.ports, { verifier: { verify: async (idToken: string) => ({ email: idToken }) } });
    await see(kit, 0);
    await contain(kit, 'delete-host', { target: cart(kit, 1), idToken: 'ana@example.com' });
    const { id, decision } = await kit.incident();
    const { plan, only } = decision?.asked ?? assert.fail();
    assert.deepEqual(only, [pod(kit, 1).metadata.uid]);
    await kit.ask({ action: 'approve', incident: id, plan, ...ANA, idToken: 'bob@example.com' });
    assert.deepEqual(grants(kit, await kit.incident()), { 1: 'delete-host' });
    assert.equal((await kit.incident()).goal?.otherwise?.tier, 'quarantine');
  });

  it('is asked of another operator for the named pod only, even if other pods join afterwards', async () => {
    const kit = decisionKit('mode: act\noperators: { another: [delete-host] }');
    Object.assign(kit.ports, { verifier: { verify: async (idToken: string) => ({ email: idToken }) } });
    await contain(kit, 'delete-host', { target: cart(kit, 0), idToken: 'ana@example.com' });
    await see(kit, 1);
    const { id, decision } = await kit.incident();
    const plan = decision?.asked?.plan;
    const { outcome } = await kit.ask({ action: 'approve', incident: id, plan, ...ANA, idToken: 'bob@example.com' });
    assert.match(outcome ?? '', /^approved: delete-host starts; for pod shop\/cart-\S+ alone/);
    assert.deepEqual(grants(kit, await kit.incident()), { 0: 'delete-host' });
  });

  it('covers all pods that have joined once it is requested again', async () => {
    const { kit, id } = await asked('delete-host');
    await see(kit, 1, WEAK);
    const record = await contain(kit, 'delete-host', { incident: id });
    assert.match(record.outcome ?? '', /^delete-host starts/);
    const { goal, decision } = await kit.incident();
    assert.deepEqual([goal?.rev, grants(kit, await kit.incident())], [2, { 0: 'delete-host', 1: 'delete-host' }]);
    assert.deepEqual(decision?.because, ['requested by ana@example.com (claimed): seen in triage']);
  });

  it('is raised by the policy for a pod that it covers at a lower tier', async () => {
    const { kit } = await asked('delete-host');
    await contain(kit, 'snapshot', { target: cart(kit, 1) });
    await see(kit, 1);
    const { goal } = await kit.incident();
    assert.deepEqual([goal?.tier, goal?.otherwise?.tier], ['delete-host', 'quarantine']);
  });

  it('freezes no workload for a weak finding on a pod that it does not cover', async () => {
    const { kit } = await asked('isolate');
    await see(kit, 0, WEAK);
    await see(kit, 1, WEAK);
    assert.equal((await kit.incident()).goal?.options, undefined);
    await see(kit, 1);
    assert.deepEqual((await kit.incident()).goal?.options, { freeze: true });
  });

  for (const [how, join] of [
    ['at the tick', (kit: Kit) => kit.tick()],
    ['by a finding', (kit: Kit, made: Target) => kit.decide(findingOn(kit, made, WEAK))],
  ] as const)
    it(`covers pods that a named workload makes within two minutes, ${how}, and none made later`, async () => {
      const kit = decisionKit();
      const target = { ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } };
      const scaled = async (replicas: number): Promise<Target> => {
        const before = new Set(podsNamed(kit, 'shop', 'cart-').map(({ metadata }) => metadata.uid));
        kit.cluster.edit({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' }, (draft) =>
          Object.assign(draft.spec ?? {}, { replicas }),
        );
        await kit.clock.advance(MINUTE);
        const made = podsNamed(kit, 'shop', 'cart-').find(({ metadata }) => !before.has(metadata.uid));
        return targetOf(made ?? assert.fail('no pod was made'), true);
      };
      await contain(kit, 'isolate', { target });
      const fourth = await scaled(4);
      await join(kit, fourth);
      const grown = await kit.incident();
      assert.deepEqual([grown.goal?.rev, grown.goal?.covers?.length], [2, 5], 'the workload and four pods');
      assert.ok(grown.goal?.covers?.some(({ uid, tier }) => uid === fourth.uid && tier === 'isolate'));
      await kit.clock.advance(MINUTE);
      await kit.tick();
      const fifth = await scaled(5);
      await kit.decide(findingOn(kit, fifth, WEAK));
      const { goal, subjects } = await kit.incident();
      assert.ok(subjects.some(({ uid }) => uid === fifth.uid));
      assert.deepEqual([goal?.rev, goal?.covers], [2, grown.goal?.covers]);
    });

  it('does not cover a pod that joins by a replayed message', async () => {
    const { kit } = await asked('isolate');
    const again = { ...envelopeOf('findings', 'm', findingOn(kit, cart(kit, 1), MINER), kit.clock.now()) };
    await makeDecide(kit.ports)({ ...again, attributes: { [REPLAY]: 'd-1' } });
    const incident = await kit.incident();
    assert.deepEqual(
      [incident.goal?.rev, grants(kit, incident), incident.goal?.otherwise],
      [1, { 0: 'isolate' }, undefined],
    );
  });

  for (const replayed of [false, true])
    it(`covers only the pods of that time if it was stored without covers${replayed ? ', also for a replayed message' : ''}`, async () => {
      const { kit, id } = await asked('delete-host');
      const stored = await kit.incident();
      const { covers: _, ...goal } = stored.goal ?? assert.fail();
      await kit.ports.stores.incidents.put(id, { ...stored, goal }, stored.rev);
      const envelope = envelopeOf('findings', 'm', findingOn(kit, cart(kit, 1), WEAK), kit.clock.now());
      await makeDecide(kit.ports)({ ...envelope, attributes: replayed ? { [REPLAY]: 'd-1' } : {} });
      assert.deepEqual(grants(kit, await kit.incident()), { 0: 'delete-host' });
      assert.equal((await kit.incident()).goal?.rev, 1);
    });

  it('does not cover another pod when an approval lifts its budget', async () => {
    const { kit, id } = await asked('delete-host');
    await see(kit, 1, WEAK);
    const known = await kit.incident();
    const held = { because: 'the budget is full', at: timeOf(kit.clock.now()), budget: true as const };
    const entry = {
      step: 'delete-host' as const,
      subject: 'n',
      uid: 'u',
      state: 'held' as const,
      startedAt: held.at,
      proof: null,
      rev: 1,
    };
    const due = timeOf(kit.clock.now());
    await kit.ports.stores.incidents.put(id, { ...known, held, journal: [entry], dueAt: due }, known.rev);
    await kit.tick();
    const { asked: open } = (await kit.incident()).decision ?? assert.fail();
    assert.deepEqual([open?.tier, open?.lifts], ['delete-host', true]);
    await kit.ask({ action: 'approve', incident: id, plan: open?.plan, ...ANA });
    const lifted = await kit.incident();
    assert.equal(lifted.lifted?.by, 'ana@example.com (claimed)');
    assert.deepEqual([lifted.goal?.rev, grants(kit, lifted)], [2, { 0: 'delete-host' }]);
  });

  it('is replaced for all pods when the policy decides a higher tier', async () => {
    const { kit } = await asked('snapshot');
    await see(kit, 1);
    const { goal } = await kit.incident();
    assert.deepEqual(
      [goal?.tier, goal?.requested, goal?.covers, goal?.otherwise],
      ['quarantine', false, undefined, undefined],
    );
  });
});
