import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { timeOf } from '../../../shared/model/time.ts';
import { appliedEntry, decisionKit, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

const MINUTE = 60_000;
const cart = (kit: Kit) => podNamed(kit, 'shop', 'cart-');

describe('decide, after an end', () => {
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
