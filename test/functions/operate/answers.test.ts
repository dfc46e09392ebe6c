import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import type { Incident } from '../../../shared/model/incident.ts';
import { appliedEntry, decisionKit, findingOn, podsNamed, targetOf } from '../../kit/decision.ts';
import { ANA, asking, cart, contain } from '../../kit/requests.ts';

const MINUTE = 60_000;

describe('operate, asks', () => {
  const answer = (action: string, { id, decision }: Incident, over: object = {}) => ({
    action,
    incident: id,
    plan: decision?.asked?.plan,
    ...ANA,
    ...over,
  });

  it('carries out the approved tier, asks no more, and is not lowered', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    const record = await kit.ask(answer('approve', before));
    assert.deepEqual([record.state, record.outcome], ['accepted', 'approved: delete-workload starts']);
    const { goal, decision } = await kit.incident();
    assert.deepEqual(
      [goal?.rev, goal?.tier, goal?.requested, goal?.by, decision?.verdict, decision?.tier, decision?.asked],
      [2, 'delete-workload', true, 'ana@example.com (claimed)', 'act', 'delete-workload', undefined],
    );
    await asking(kit);
    assert.deepEqual([(await kit.incident()).goal?.rev, (await kit.incident()).decision?.asked], [2, undefined]);
  });

  it('does not ask again after a rejection, until the plan changes', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    assert.equal((await kit.ask(answer('reject', before))).state, 'accepted');
    await asking(kit);
    const after = await kit.incident();
    assert.deepEqual([after.decision?.asked, after.goal?.tier, after.goal?.rev], [undefined, 'isolate', 1]);
    const [, two] = podsNamed(kit, 'shop', 'cart-');
    assert.ok(two !== undefined);
    await kit.decide(findingOn(kit, targetOf(two)));
    assert.equal((await kit.incident()).decision?.asked?.tier, 'delete-workload');
  });

  it('refuses an answer to a plan that has changed', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    const [, two] = podsNamed(kit, 'shop', 'cart-');
    assert.ok(two !== undefined);
    await kit.decide(findingOn(kit, targetOf(two)));
    const record = await kit.ask(answer('approve', before));
    const now = (await kit.incident()).decision?.asked?.plan;
    assert.notEqual(now, before.decision?.asked?.plan);
    assert.match(record.outcome ?? '', new RegExp(`field "plan": .* has changed since; .* answer plan ${now}`));
    assert.equal((await kit.incident()).goal?.tier, 'isolate');
  });

  it('refuses an answer that names another tier than the one that is asked for', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    for (const action of ['approve', 'reject'] as const) {
      const { state, outcome } = await kit.ask({ ...answer(action, before), tier: 'isolate' });
      assert.equal(state, 'refused');
      assert.match(outcome ?? '', /^field "tier": incident \S+ asks for delete-workload, not for isolate;/);
    }
    assert.equal((await kit.ask({ ...answer('approve', before), tier: 'delete-workload' })).state, 'accepted');
  });

  it('refuses an action that is to be limited and cannot be', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    const wrong: Array<[object, RegExp]> = [
      [
        { action: 'release', incident: before.id, tier: 'quarantine' },
        /^field "tier": release is for all that the inc/,
      ],
      [{ action: 'release', incident: before.id, target: targetOf(cart(kit)) }, /^field "target": release is for all/],
      [{ action: 'close', incident: before.id, tier: 'quarantine' }, /^field "tier": close is for all that the inc/],
      [
        { ...answer('approve', before), target: targetOf(cart(kit)) },
        /^field "target": approve is for all that the ask/,
      ],
    ];
    await kit.ask({ action: 'halt', ...ANA });
    await kit.clock.advance(1000);
    wrong.push([{ action: 'resume', incident: before.id }, /^field "incident": resume is for all incidents and/]);
    for (const [request, sentence] of wrong) {
      const { state, outcome } = await kit.ask({ ...request, ...ANA });
      assert.equal(state, 'refused', JSON.stringify(request));
      assert.match(outcome ?? '', sentence);
    }
    assert.equal((await kit.ports.stores.halts.get('halt'))?.halted, true);
    assert.equal((await kit.incident()).goal?.tier, 'isolate');
  });

  it('halts whatever else the request says', async () => {
    const kit = decisionKit();
    assert.equal((await kit.ask({ action: 'halt', incident: 'i-0-1', ...ANA })).state, 'accepted');
  });

  it('asks again, with another plan, if a request brings another pod', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    const [, two] = podsNamed(kit, 'shop', 'cart-');
    assert.ok(two !== undefined);
    await kit.ask(contain(kit, { target: targetOf(two) }));
    const after = await kit.incident();
    assert.notEqual(after.decision?.asked?.plan, before.decision?.asked?.plan);
    assert.deepEqual(after.outbox.at(-1)?.ask, after.decision?.asked);
    assert.equal((await kit.ask(answer('approve', before))).state, 'refused');
    assert.equal((await kit.ask(answer('approve', after))).state, 'accepted');
  });

  it('lapses after an hour at the tick, and refuses a late answer', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    await kit.carryOut(before.id, [appliedEntry(kit)]);
    await kit.clock.advance(60 * MINUTE);
    assert.match((await kit.ask(answer('approve', before))).outcome ?? '', /lapsed at/);
    await kit.tick();
    const after = await kit.incident();
    assert.deepEqual(
      [after.decision?.asked, after.answered?.[0]?.outcome, after.state],
      [undefined, 'lapsed', 'contained'],
    );
    assert.equal(after.dueAt, undefined);
    await asking(kit);
    assert.equal((await kit.incident()).decision?.asked?.tier, 'delete-workload', 'new evidence asks again');
  });

  for (const [what, over] of [
    ['without an incident', { incident: undefined }],
    ['without a plan', { plan: undefined }],
    ['of an incident that is not there', { incident: 'i-0-1' }],
    ['of a plan that nobody asked for', { plan: '0123456789abcdef' }],
  ] as const)
    it(`refuses an approval ${what}`, async () => {
      const kit = decisionKit();
      const before = await asking(kit);
      const record = await kit.ask(JSON.parse(JSON.stringify(answer('approve', before, over))));
      assert.equal(record.state, 'refused');
      assert.equal((await kit.incident()).goal?.rev, 1);
    });

  it('says which additions of an approval change nothing', async () => {
    const kit = decisionKit();
    const { outcome } = await kit.ask(answer('approve', await asking(kit), { sandbox: true, drain: false }));
    assert.equal(
      outcome,
      'approved: delete-workload starts with sandbox; sandbox adds nothing to delete-workload, only to redeploy',
    );
  });

  it('approves no more than protection allows', async () => {
    const kit = decisionKit();
    const before = await asking(kit);
    kit.ports.policy = { ...kit.ports.policy, protected: [{ namespace: 'shop', tier: 'isolate' }] };
    const record = await kit.ask(answer('approve', before));
    assert.match(record.outcome ?? '', /approved: isolate starts; namespace shop is protected/);
    assert.equal((await kit.incident()).goal?.tier, 'isolate');
  });
});
