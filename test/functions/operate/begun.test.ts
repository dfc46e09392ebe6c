import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { readPolicy } from '../../../shared/decision/policy.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import type { Tier } from '../../../shared/model/ids.ts';
import type { RequestRecord } from '../../../shared/model/request.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { BY_ANA, BY_BOB, verifier } from '../../kit/asks.ts';
import { cart } from '../../kit/carts.ts';
import { decisionKit, findingOn, type Kit, podsNamed } from '../../kit/decision.ts';

const kitted = (policy = 'mode: act'): Kit => {
  const kit = decisionKit(policy);
  Object.assign(kit.ports, { verifier });
  return kit;
};
const deploy = (kit: Kit, text: string): void => {
  const { policy, hash } = readPolicy(text);
  Object.assign(kit.ports, { policy, policyHash: hash });
};
const EVE = { reason: 'so I say', requestedBy: 'eve@example.com' };
const contain = (kit: Kit, tier: Tier, over: object): Promise<RequestRecord> =>
  kit.ask({ action: 'contain', tier, ...over });
const goal = async (kit: Kit): Promise<Goal | null> => (await kit.incident()).goal;

/** An incident on the first cart that ana took to a tier, carried out. */
const running = async (tier: Tier, policy?: string) => {
  const kit = kitted(policy);
  assert.equal((await contain(kit, tier, { target: cart(kit, 0), ...BY_ANA })).state, 'accepted');
  const { id } = await kit.incident();
  await kit.carryOut(id);
  return { kit, id };
};

describe('the effect of a request', () => {
  it('is limited to the requested tier for a newly named pod, and changes nothing that runs', async () => {
    const { kit } = await running('delete-host');
    const before = await kit.incident();
    const stopped = await contain(kit, 'snapshot', { target: cart(kit, 1), stopFirst: true, ...EVE });
    assert.match(
      stopped.outcome ?? '',
      /^snapshot is limited to delete-host here: delete-host needs a verified operator/,
    );
    assert.deepEqual([(await kit.incident()).goal, (await kit.incident()).subjects], [before.goal, before.subjects]);
    const second = podsNamed(kit, 'shop', 'cart-')[1]?.metadata.uid ?? '';
    assert.equal(await kit.ports.stores.subjects.get(second), undefined, 'nothing holds it');
    assert.match((await contain(kit, 'delete-host', { target: cart(kit, 1), ...EVE })).outcome ?? '', /verified/);
    assert.equal((await contain(kit, 'snapshot', { target: cart(kit, 1), ...EVE })).state, 'accepted');
    const tierOf = (one: string | undefined, { covers }: Pick<Goal, 'covers'>) =>
      covers?.find(({ uid }) => uid === one)?.tier;
    const { covers } = (await goal(kit)) ?? assert.fail();
    const first = podsNamed(kit, 'shop', 'cart-')[0]?.metadata.uid;
    assert.deepEqual([tierOf(first, { covers }), tierOf(second, { covers })], ['delete-host', 'snapshot']);
  });

  it("is refused for a pod that would come under the policy's higher goal, with the tier to request instead", async () => {
    const kit = kitted();
    await kit.decide(findingOn(kit, cart(kit, 0)));
    const before = await kit.incident();
    const { state, outcome } = await contain(kit, 'snapshot', { target: cart(kit, 1), ...EVE });
    assert.match(outcome ?? '', /is already at quarantine, and pod shop\/cart-.* send contain quarantine if/);
    assert.deepEqual([state, (await kit.incident()).subjects], ['refused', before.subjects]);
    assert.equal((await contain(kit, 'quarantine', { target: cart(kit, 1), ...EVE })).state, 'accepted');
  });

  for (const [what, over] of [
    ['stopFirst', { stopFirst: true }],
    ['an option', { sandbox: true }],
  ] as const)
    it(`requires for ${what} the same proof of identity as the running goal`, async () => {
      const { kit, id } = await running('delete-workload');
      const before = await goal(kit);
      const refused = await contain(kit, 'snapshot', { incident: id, ...over, ...EVE });
      assert.match(
        refused.outcome ?? '',
        /^snapshot is limited to delete-workload here: delete-workload needs a verified/,
      );
      assert.deepEqual([refused.state, await goal(kit)], ['refused', before]);
      const { state } = await contain(kit, 'snapshot', { incident: id, ...over, ...BY_ANA });
      assert.deepEqual([state, (await goal(kit))?.rev], ['accepted', 2]);
    });

  it('requires no proof if nothing changes, and leaves the goal under the name that set it', async () => {
    const { kit, id } = await running('delete-workload');
    const before = await goal(kit);
    const { state, outcome } = await contain(kit, 'snapshot', { incident: id, ...EVE });
    assert.match(outcome ?? '', /^delete-workload instead of snapshot: the goal is already delete-workload/);
    assert.deepEqual([state, await goal(kit)], ['accepted', before]);
    assert.equal((await contain(kit, 'delete-workload', { incident: id, ...BY_ANA })).state, 'accepted');
    assert.equal((await goal(kit))?.rev, 2, 'who may ask for it may ask for it again');
  });

  it('of investigate is dated each time, with the proof for the running goal, and stays with later requests', async () => {
    const { kit, id } = await running('delete-workload');
    const investigate = { incident: id, investigate: true };
    await contain(kit, 'isolate', { ...investigate, ...BY_ANA });
    const first = (await goal(kit))?.accessAt;
    await kit.clock.advance(61 * 60_000);
    assert.match(
      (await contain(kit, 'isolate', { ...investigate, ...EVE })).outcome ?? '',
      /needs a verified operator/,
    );
    await contain(kit, 'isolate', { incident: id, forensics: true, ...BY_ANA });
    assert.deepEqual([first !== undefined, (await goal(kit))?.accessAt], [true, first]);
    await contain(kit, 'isolate', { ...investigate, ...BY_ANA });
    assert.equal((await goal(kit))?.accessAt, timeOf(kit.clock.now()));
  });

  it('ignores a goal that only ran in a dry run, and what was added to it', async () => {
    const { kit, id } = await running('isolate', 'mode: dry-run');
    const options = { stopFirst: true, investigate: true };
    await contain(kit, 'delete-workload', { incident: id, ...options, ...BY_ANA });
    assert.deepEqual([(await goal(kit))?.mode, (await goal(kit))?.stopFirst], ['dry-run', true]);
    deploy(kit, 'mode: act');
    const { outcome } = await contain(kit, 'snapshot', { incident: id, ...EVE });
    const { rev, tier, mode, stopFirst, options: added } = (await goal(kit)) ?? assert.fail();
    assert.equal(outcome, 'snapshot starts');
    assert.deepEqual([rev, tier, mode, stopFirst, added], [3, 'snapshot', 'act', undefined, undefined]);
  });

  it('requires the proof for the tier to which protection limits it', async () => {
    const protecting = 'protected:\n  - {namespace: shop, tier: isolate}';
    const kit = kitted(`mode: act\noperators:\n  another: [isolate]\n  verified: []\n${protecting}\n`);
    const refused = await contain(kit, 'delete-host', { target: cart(kit, 0), ...EVE });
    assert.match(refused.outcome ?? '', /^delete-host is limited to isolate here: isolate needs a verified operator/);
    assert.deepEqual(await kit.incidents(), []);
    const asked = await contain(kit, 'delete-host', { target: cart(kit, 0), ...BY_ANA });
    assert.match(asked.outcome ?? '', /^isolate waits for another operator's approval/);
  });

  it('is refused for a pod that would come under a goal of the policy before another operator has approved that', async () => {
    const kit = kitted('mode: act\noperators: { another: [quarantine] }\n');
    await kit.decide(findingOn(kit, cart(kit, 0)));
    const before = await kit.incident();
    const { state, outcome } = await contain(kit, 'quarantine', { target: cart(kit, 1), ...BY_ANA });
    assert.match(
      outcome ?? '',
      /is already at quarantine, and pod shop\/cart-\S+ would get that tier before another operator has approved it/,
    );
    assert.deepEqual([state, (await kit.incident()).subjects], ['refused', before.subjects]);
  });

  it('ends with the incident if it waits for another operator, which its sender is told', async () => {
    for (const action of ['release', 'close']) {
      const kit = kitted('mode: act\noperators: { another: [isolate] }\n');
      await contain(kit, 'isolate', { target: cart(kit, 0), ...BY_ANA });
      const { id } = await kit.incident();
      await kit.ask({ action, incident: id, ...BY_BOB });
      const { lines } = (await kit.incident()).outbox.at(-1) ?? assert.fail('no notice');
      assert.deepEqual(lines, [BY_BOB.reason, 'no longer asked: isolate (asked by ana@example.com)']);
    }
  });

  it('is isolate at most instead of a deletion that protection does not allow, and no other deletion', async () => {
    const kit = kitted('mode: act\nprotected: [{ namespace: shop, tier: delete-workload }]\n');
    const { outcome } = await contain(kit, 'delete-host', { target: cart(kit, 0), ...BY_ANA });
    assert.match(
      outcome ?? '',
      /^isolate instead of delete-host: namespace shop is protected .*: delete-workload at most/,
    );
    assert.equal((await goal(kit))?.tier, 'isolate');
  });

  it('of an approval requires the proof for the tier to which protection limits it', async () => {
    const kit = kitted('mode: act\noperators: { verified: [isolate] }\n');
    await kit.decide(findingOn(kit, cart(kit, 0), { rule: 'exec-miner', severity: 'critical', confidence: 0.95 }));
    deploy(kit, 'mode: act\noperators: { verified: [isolate] }\nprotected: [{namespace: shop, tier: isolate}]\n');
    const { id, decision } = await kit.incident();
    const approve = { action: 'approve', incident: id, plan: decision?.asked?.plan };
    assert.match((await kit.ask({ ...approve, ...EVE })).outcome ?? '', /^delete-workload is limited to isolate here/);
    assert.equal((await kit.ask({ ...approve, ...BY_ANA })).state, 'accepted');
  });
});

describe('a goal that another operator must approve', () => {
  const ANOTHER = 'mode: act\noperators: { another: [isolate] }';
  const approved = async () => {
    const kit = kitted(ANOTHER);
    await contain(kit, 'isolate', { target: cart(kit, 0), ...BY_ANA });
    const { id, decision } = await kit.incident();
    await kit.ask({ action: 'approve', incident: id, plan: decision?.asked?.plan, ...BY_BOB });
    await kit.carryOut(id);
    return { kit, id };
  };

  it('is what is added to a running tier with the approval of a lower one', async () => {
    const { kit, id } = await approved();
    await contain(kit, 'quarantine', { target: cart(kit, 1), sandbox: true, ...BY_ANA });
    const before = await goal(kit);
    const plan = (await kit.incident()).decision?.asked?.plan;
    const approve = { action: 'approve', incident: id, plan, ...BY_BOB };
    const { outcome } = await kit.ask({ ...approve, stopFirst: true });
    assert.match(outcome ?? '', /^isolate needs two operators, so it can only be approved as requested/);
    assert.deepEqual(await goal(kit), before);
    assert.equal((await kit.ask(approve)).state, 'accepted');
    assert.equal((await goal(kit))?.stopFirst, undefined);
  });

  it('needs approval again for an addition', async () => {
    const { kit, id } = await approved();
    const before = await goal(kit);
    const { outcome } = await contain(kit, 'isolate', { incident: id, stopFirst: true, ...BY_ANA });
    assert.match(outcome ?? '', /^isolate waits for another operator's approval/);
    assert.deepEqual(await goal(kit), before);
    assert.match((await contain(kit, 'isolate', { incident: id, ...BY_ANA })).outcome ?? '', /^isolate starts/);
  });

  it('needs approval again before it covers another pod', async () => {
    const { kit } = await approved();
    const before = await goal(kit);
    const { outcome } = await contain(kit, 'isolate', { target: cart(kit, 1), ...BY_ANA });
    assert.match(outcome ?? '', /^isolate waits for another operator's approval/);
    assert.deepEqual((await goal(kit))?.covers, before?.covers);
  });
});
