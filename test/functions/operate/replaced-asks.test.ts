import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { approve, BY_ANA, BY_BOB, heldBack, MINER, planOf, see, verifiedKit } from '../../kit/asks.ts';
import { findingOn, podsNamed, targetOf } from '../../kit/decision.ts';

const MINUTE = 60_000;

describe('an ask that is replaced by another', () => {
  const titles = ({ outbox }: Incident): string[] => outbox.map(({ title }) => title);
  const lapsedOf = ({ answered }: Incident): string[] =>
    (answered ?? []).map(({ tier, outcome, by }) => `${tier} ${outcome} by ${by}`);
  const isolate = (id: string, over: object) => ({ action: 'contain', tier: 'isolate', incident: id, ...over });
  /** An ask made by evidence, replaced by ana's ask for a lower tier. */
  const both = async () => {
    const kit = verifiedKit('modes: { isolate: ask }\noperators: { another: [isolate] }');
    await see(kit, MINER);
    const evidence = await kit.incident();
    await kit.ask(isolate(evidence.id, BY_ANA));
    return { kit, evidence };
  };

  it('is recorded and published as lapsed if an operator asks for something else', async () => {
    const { kit, evidence } = await both();
    const { decision, outbox, answered } = await kit.incident();
    assert.deepEqual([decision?.asked?.tier, decision?.asked?.by], ['isolate', 'ana@example.com']);
    assert.equal(answered?.[0]?.plan, planOf(evidence));
    assert.deepEqual(lapsedOf(await kit.incident()), ['delete-workload lapsed by nobody']);
    const told = outbox.at(-2);
    assert.deepEqual(
      [told?.kind, told?.title, told?.lines, told?.ask?.tier],
      [
        'info',
        'No longer asked: delete-workload',
        ['delete-workload was replaced by isolate (asked by ana@example.com)'],
        'isolate',
      ],
    );
  });

  it('is recorded and published as lapsed if new evidence asks for more than an operator', async () => {
    const { kit } = await both();
    await see(kit, { ...MINER, rule: 'spec-privileged', family: 'spec', severity: 'high', confidence: 0.8 });
    const seen = await kit.incident();
    assert.deepEqual([seen.decision?.asked?.tier, seen.decision?.asked?.by], ['delete-workload', undefined]);
    assert.equal(seen.dueAt, timeOf(kit.clock.now()));
    await kit.tick();
    await kit.tick();
    const noted = await kit.incident();
    assert.deepEqual(lapsedOf(noted).at(-1), 'isolate lapsed by nobody');
    assert.equal(titles(noted).filter((title) => title === 'No longer asked: isolate').length, 1);
    assert.equal(noted.outbox.at(-1)?.lines[0], 'isolate (asked by ana@example.com) was replaced by delete-workload');
    assert.equal(noted.decision?.asked?.replaces, undefined);
  });

  it('is recorded and published as lapsed if new evidence asks again before the tick has recorded it', async () => {
    const { kit } = await both();
    await see(kit, { ...MINER, rule: 'spec-privileged', family: 'spec', severity: 'high', confidence: 0.8 });
    const other = targetOf(podsNamed(kit, 'shop', 'cart-')[1] ?? assert.fail());
    await kit.decide(findingOn(kit, other, MINER));
    await kit.tick();
    const noted = await kit.incident();
    assert.deepEqual(lapsedOf(noted).at(-1), 'isolate lapsed by nobody');
    assert.equal(titles(noted).filter((title) => title === 'No longer asked: isolate').length, 1);
  });

  it('is recorded and published as lapsed if evidence leads to more than an operator asked for', async () => {
    for (const late of [false, true]) {
      const kit = verifiedKit('operators: { another: [quarantine] }\nminutes: { ask: 10 }');
      const target = targetOf(podsNamed(kit, 'shop', 'cart-')[0] ?? assert.fail());
      await kit.ask({ action: 'contain', tier: 'quarantine', target, ...BY_ANA });
      if (late) await kit.clock.advance(11 * MINUTE);
      await see(kit, MINER);
      const { goal, answered, outbox } = await kit.incident();
      assert.deepEqual([goal?.tier, answered?.length, answered?.[0]?.tier], ['isolate', 1, 'quarantine']);
      const told = outbox.filter(({ title }) => title === 'No longer asked: quarantine').flatMap(({ lines }) => lines);
      const why = late
        ? /^the ask for quarantine lapsed at .* without an answer$/
        : /^quarantine \(asked by ana@\S+\) was replaced by isolate, which the policy chose$/;
      assert.equal(told.length, 1);
      assert.match(told[0] ?? '', why);
    }
  });

  it('is also recorded if the new ask is answered first', async () => {
    const { kit } = await both();
    await see(kit, { ...MINER, rule: 'spec-privileged', family: 'spec', severity: 'high', confidence: 0.8 });
    const seen = await kit.incident();
    await kit.ask(approve(seen, planOf(seen)));
    assert.deepEqual(lapsedOf(await kit.incident()).slice(1), [
      'isolate lapsed by nobody',
      'delete-workload approved by bob@example.com',
    ]);
  });

  it('is recorded as lapsed if another operator sets a goal that goes as far', async () => {
    const { kit, evidence } = await both();
    await kit.ask({ ...isolate(evidence.id, BY_BOB), tier: 'redeploy' });
    assert.deepEqual(lapsedOf(await kit.incident()).at(-1), 'isolate lapsed by nobody');
  });

  it('does not lapse if its operator asks for the same with an addition', async () => {
    const { kit, evidence } = await both();
    await kit.ask(isolate(evidence.id, { ...BY_ANA, drain: true }));
    assert.equal(lapsedOf(await kit.incident()).length, 1);
  });

  it('does not lapse if a budget holds the goal: the addition and the budget become one ask', async () => {
    const kit = verifiedKit('operators: { another: [isolate] }');
    await kit.ask({
      ...isolate('', BY_ANA),
      incident: undefined,
      target: targetOf(podsNamed(kit, 'shop', 'cart-')[0] ?? assert.fail()),
    });
    const first = await kit.incident();
    await kit.ask(approve(first, planOf(first)));
    await kit.ask(isolate(first.id, { ...BY_ANA, investigate: true }));
    const { decision } = await heldBack(kit);
    const { by, options, lifts } = decision?.asked ?? assert.fail();
    assert.deepEqual([by, options, lifts], ['ana@example.com', { investigate: true }, true]);
  });

  it("grants the operator's addition when its approval also lifts a budget", async () => {
    const kit = verifiedKit('operators: { another: [isolate] }');
    const [one = assert.fail(), other = assert.fail()] = podsNamed(kit, 'shop', 'cart-');
    await kit.ask({ ...isolate('', BY_ANA), incident: undefined, target: targetOf(one) });
    const first = await kit.incident();
    await kit.ask(approve(first, planOf(first)));
    const weak = { severity: 'low', confidence: 0.2, conclusive: false } as const;
    await kit.decide(findingOn(kit, targetOf(other), weak));
    await kit.ask(isolate(first.id, BY_ANA));
    const open = await heldBack(kit);
    assert.deepEqual([open.decision?.asked?.by, open.decision?.asked?.lifts], ['ana@example.com', true]);
    await kit.ask(approve(open, planOf(open)));
    const { goal, lifted } = await kit.incident();
    assert.deepEqual(
      goal?.covers?.map(({ uid }) => uid).toSorted(),
      [one, other].map((p) => p.metadata.uid).toSorted(),
    );
    assert.equal(lifted?.by, 'bob@example.com');
  });
});
