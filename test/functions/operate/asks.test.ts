import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { openAsk } from '../../../shared/decision/open-ask.ts';
import { readPolicy } from '../../../shared/decision/policy.ts';
import { Transient } from '../../../shared/errors.ts';
import { updateIncident } from '../../../shared/incidents.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { approve, BY_ANA, BY_BOB, heldBack, MINER, planOf, see, verifiedKit } from '../../kit/asks.ts';
import { consoleKit } from '../../kit/console.ts';
import { appliedEntry, type Kit, podsNamed, targetOf } from '../../kit/decision.ts';

const MINUTE = 60_000;

describe('the plan of an approval', () => {
  it('is for what a budget holds, and not for what the evidence asks for besides', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const looked = planOf(await kit.incident());
    const held = await heldBack(kit);
    const { title = '', lines = [] } = held.outbox.at(-1) ?? {};
    assert.match(title, /^Approve isolate on pod shop\/cart-\S+ beyond the budget\?$/);
    assert.match(lines[0] ?? '', /^An approval cuts off node /);
    assert.match((await kit.ask(approve(held, looked))).outcome ?? '', /has changed since/);
    assert.equal((await kit.incident()).lifted, undefined);
    assert.equal((await kit.ask(approve(held, planOf(held)))).outcome, 'approved: isolate starts beyond the budget');
    const { lifted, goal, decision, outbox, answered } = await kit.incident();
    assert.deepEqual([lifted?.by, goal?.tier], ['bob@example.com', 'isolate']);
    assert.equal(answered?.at(-1)?.lifts, true);
    assert.deepEqual([decision?.asked?.tier, decision?.asked?.lifts], ['delete-workload', undefined]);
    assert.ok(decision?.because.some((line) => /^beyond what was requested \(isolate\)/.test(line)));
    assert.match(outbox.at(-1)?.title ?? '', /^Approve delete-workload on pod shop\/cart-\S+\?$/);
  });

  it('keeps being that of the budget when more is seen', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const held = await heldBack(kit);
    await see(kit, { ...MINER, id: 'f-later', confidence: 0.96 });
    assert.equal(planOf(await kit.incident()), planOf(held));
  });

  it('is asked for again without its budget after a rejection, which says how to go on', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const held = await heldBack(kit);
    const { outcome = '' } = await kit.ask({ ...approve(held, planOf(held)), action: 'reject' });
    const how = `firebreak contain ${held.id} --tier isolate --project p1 --reason "..."`;
    assert.ok(outcome.startsWith('rejected: isolate beyond the budget is not done; '));
    assert.ok(outcome.includes('isolate stays held by the budget') && outcome.endsWith(how));
    const after = await kit.incident();
    assert.deepEqual([after.decision?.asked?.tier, after.decision?.asked?.lifts], ['delete-workload', undefined]);
    assert.ok(after.outbox.at(-2)?.lines.includes(`$ ${how}`));
    await kit.tick();
    await see(kit, { ...MINER, id: 'f-later', confidence: 0.94 });
    assert.equal(planOf(await kit.incident()), planOf(after));
    await kit.ask({ action: 'contain', tier: 'isolate', incident: held.id, ...BY_ANA });
    assert.equal((await kit.incident()).goal?.rev, 2, 'what the sentence says begins it again');
  });

  it('is asked for again without its budget when nobody answers', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    await heldBack(kit);
    await kit.clock.advance(61 * MINUTE);
    await kit.tick();
    const { decision, outbox } = await kit.incident();
    assert.deepEqual([decision?.asked?.tier, decision?.asked?.lifts], ['delete-workload', undefined]);
    assert.match(outbox.at(-2)?.lines.join('\n') ?? '', /lapsed[^\n]*\nisolate stays held by the budget/);
    await kit.clock.advance(61 * MINUTE);
    await kit.tick();
    assert.equal((await kit.incident()).decision?.asked, undefined);
  });

  it('is still asked for with its budget when a halt has held the incident meanwhile', async () => {
    const kit = verifiedKit();
    await see(kit);
    const { id, journal, ...rest } = await heldBack(kit);
    const at = timeOf(kit.clock.now());
    const item = { step: 'cordon-node', subject: 'n', uid: 'u', because: 'the budget is full', proof: null } as const;
    const held = { because: 'halted by ana@example.com: drill', at };
    const items = [...journal, { ...item, state: 'held' as const, startedAt: at, rev: rest.goal?.rev ?? 0 }];
    await kit.ports.stores.incidents.put(id, { ...rest, id, held, journal: items }, rest.rev);
    assert.equal(rest.decision?.asked?.lifts, true);
    await see(kit, { id: 'f-later', rule: 'spec-privileged', family: 'spec', confidence: 0.8 });
    assert.equal((await kit.incident()).decision?.asked?.lifts, true);
  });

  it('changes when a running goal no longer waits for evidence', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const before = await kit.incident();
    const looked = planOf(before);
    await kit.ask({ action: 'contain', tier: 'isolate', incident: before.id, stopFirst: true, ...BY_ANA });
    const after = await kit.incident();
    assert.match(after.outbox.at(-1)?.title ?? '', /^Approve delete-workload without keeping evidence\? The plan has/);
    assert.equal((await kit.ask(approve(after, looked))).state, 'refused');
    await see(kit, { ...MINER, confidence: 0.94 });
    assert.equal(planOf(await kit.incident()), planOf(after), 'another finding makes no other plan of it');
    assert.match((await kit.ask(approve(after, planOf(after)))).outcome ?? '', /starts without keeping evidence/);
  });

  it('says so if the policy itself keeps no evidence', async () => {
    const kit = verifiedKit();
    const { policy, hash } = readPolicy(
      'mode: act\nstopFirst: [{ when: { rule: exec-miner }, because: "it destroys things" }]\n',
    );
    Object.assign(kit.ports, { policy, policyHash: hash });
    await see(kit, MINER);
    const asking = await kit.incident();
    assert.equal(asking.decision?.asked?.stopFirst, true);
    assert.equal((await kit.ask(approve(asking, planOf(asking)))).state, 'accepted');
  });

  it('changes when the operator adds options, and the ask and the console name them', async () => {
    const kit = verifiedKit('operators: { another: [delete-workload] }');
    const target = targetOf(podsNamed(kit, 'shop', 'cart-')[0] ?? assert.fail());
    const contain = { action: 'contain', tier: 'delete-workload', ...BY_ANA };
    await kit.ask({ ...contain, target });
    const looked = await kit.incident();
    await kit.ask({ ...contain, incident: looked.id, stopFirst: true, drain: true });
    const changed = await kit.incident();
    const added = 'without keeping evidence, with drain';
    assert.ok(changed.outbox.at(-1)?.title.endsWith(`${added}? ana@example.com asks for it`));
    assert.match((await kit.ask(approve(changed, planOf(looked)))).outcome ?? '', /has changed since/);
    const { body } = await consoleKit({}, kit).get(`/incidents/${changed.id}`);
    assert.ok(body.includes(`Approve delete-workload ${added}</button>`));
    assert.ok(!/It would take: [^<]*capture-evidence/.test(body));
    const more = approve(changed, planOf(changed), { ...BY_BOB, forensics: true });
    assert.match((await kit.ask(more)).outcome ?? '', /can only be approved as requested: leave out the additions/);
    assert.equal(
      (await kit.ask(approve(changed, planOf(changed)))).outcome,
      `approved: delete-workload starts ${added}`,
    );
    const { goal } = await kit.incident();
    assert.deepEqual([goal?.stopFirst, goal?.options], [true, { drain: true }]);
  });
});

describe('an ask whose time is over', () => {
  for (const action of ['approve', 'reject'])
    it(`refuses an answer (${action}) that claims to be made in time, even before the next tick`, async () => {
      const kit = verifiedKit();
      await see(kit, MINER);
      const before = await kit.incident();
      await kit.clock.advance(61 * MINUTE);
      const at = timeOf(kit.clock.now() - 10 * MINUTE);
      const { state, outcome } = await kit.ask({ ...approve(before, planOf(before)), action, at });
      assert.equal(state, 'refused');
      assert.match(outcome ?? '', /lapsed at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
      assert.equal((await kit.incident()).goal?.rev, 1);
    });

  it('is ended when the next episode is opened, which people are told to act on, and is shown no longer', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const before = await kit.incident();
    assert.equal(before.decision?.asked?.tier, 'delete-workload');
    const followed = await updateIncident(kit.ports, before.id, (i) => ({ ...i, followedBy: 'i-next' }));
    assert.equal(openAsk(followed ?? assert.fail(), kit.clock.now()), undefined);
    await kit.tick();
    const { decision, answered, outbox, state } = await kit.incident();
    assert.deepEqual([decision?.asked, answered?.at(-1)?.outcome], [undefined, 'lapsed']);
    assert.notEqual(state, 'asking');
    const { title = '', lines = [] } = outbox.at(-1) ?? {};
    assert.equal(title, 'No longer asked: delete-workload');
    assert.match(
      lines[0] ?? '',
      /^the ask for delete-workload is over: .* has run out: .* is incident i-next; act on that one$/,
    );
    assert.match((await kit.ask(approve(before, planOf(before)))).outcome ?? '', /has run out: .* act on that one/);
  });

  it('accepts an answer that was received in time, however late it is carried out', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const before = await kit.incident();
    const { incidents } = kit.ports.stores;
    const { put } = incidents;
    incidents.put = () => Promise.reject(new Transient('the store does not answer'));
    const answer = { ...approve(before, planOf(before)), id: 'r-1' };
    await assert.rejects(kit.ask(answer), Transient);
    incidents.put = put;
    await kit.clock.advance(61 * MINUTE);
    assert.equal((await kit.ask(answer)).state, 'accepted');
  });

  it('is asked again for what is seen after it, even before the next tick', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const { id, outbox } = await kit.incident();
    await kit.carryOut(id, [appliedEntry(kit)]);
    await kit.clock.advance(61 * MINUTE);
    await see(kit, MINER);
    await kit.tick();
    const again = await kit.incident();
    assert.deepEqual([again.decision?.asked?.tier, again.answered?.length], ['delete-workload', 1]);
    assert.deepEqual(
      again.outbox.slice(outbox.length).map(({ kind, ask }) => [kind, ask?.until]),
      [
        ['info', undefined],
        ['ask', timeOf(kit.clock.now() + 60 * MINUTE)],
      ],
    );
    assert.equal((await kit.ask(approve(again, planOf(again)))).state, 'accepted');
  });
});

describe('an approval', () => {
  it('does not lift a budget unless the ask was for that', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const asking = await kit.incident();
    assert.equal((await kit.ask(approve(asking, planOf(asking)))).state, 'accepted');
    const { lifted, answered } = await kit.incident();
    assert.deepEqual([lifted, answered?.[0]?.outcome, answered?.[0]?.lifts], [undefined, 'approved', undefined]);
  });

  it('begins nothing under a halt', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const before = await kit.incident();
    await kit.ask({ action: 'halt', ...BY_ANA });
    const { state, outcome } = await kit.ask(approve(before, planOf(before)));
    assert.equal(state, 'refused');
    assert.match(outcome ?? '', /halted by ana@example.com since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
    const after = await kit.incident();
    assert.deepEqual([after.goal, planOf(after)], [before.goal, planOf(before)]);
  });

  it('adds nothing to a plan that needs two operators, but may repeat an addition of the ask', async () => {
    const target = (kit: Kit) => targetOf(podsNamed(kit, 'shop', 'cart-')[0] ?? assert.fail());
    const asked = async (has: object): Promise<{ kit: Kit; incident: Incident }> => {
      const kit = verifiedKit('operators: { another: [delete-workload] }');
      await kit.ask({ action: 'contain', tier: 'delete-workload', target: target(kit), ...has, ...BY_ANA });
      return { kit, incident: await kit.incident() };
    };
    for (const one of [{ stopFirst: true }, { drain: true }, { forensics: true }]) {
      for (const has of [{}, { investigate: true }]) {
        const { kit, incident } = await asked(has);
        const { state, outcome } = await kit.ask(approve(incident, planOf(incident), { ...BY_BOB, ...one }));
        assert.equal(state, 'refused', JSON.stringify(one));
        assert.match(outcome ?? '', /can only be approved as requested/);
        assert.equal((await kit.incident()).goal, null);
      }
      const { kit, incident } = await asked(one);
      assert.equal((await kit.ask(approve(incident, planOf(incident), { ...BY_BOB, ...one }))).state, 'accepted');
    }
  });

  it('may add to a plan that needs one operator', async () => {
    const kit = verifiedKit();
    await see(kit, MINER);
    const asking = await kit.incident();
    assert.equal((await kit.ask(approve(asking, planOf(asking), { ...BY_BOB, stopFirst: true }))).state, 'accepted');
    assert.equal((await kit.incident()).goal?.stopFirst, true);
  });
});
