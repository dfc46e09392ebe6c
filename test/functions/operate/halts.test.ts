import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeOperate } from '../../../functions/operate/handler.ts';
import { capOf } from '../../../shared/decision/cap.ts';
import { keepDeadLetter } from '../../../shared/decision/dead-letter.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { appliedEntry, decisionKit, envelopeOf, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

const MINUTE = 60_000;
const ANA = { reason: 'too much', requestedBy: 'ana@example.com' };

/** An incident with a change in force, and what a request of this action on it leads to. */
const contained = async () => {
  const kit = decisionKit();
  await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-'))));
  const { id } = await kit.incident();
  await kit.carryOut(id, [appliedEntry(kit)]);
  const ask = async (action: string, over: object = {}) => {
    await kit.clock.advance(MINUTE);
    return kit.ask({ action, ...(action === 'release' ? { incident: id } : {}), ...ANA, ...over });
  };
  return { kit, id, ask };
};

/** The tier up to which contain may change something for the only incident. */
const allowed = async (kit: Kit): Promise<string> =>
  capOf(kit.ports.policy, await kit.incident(), kit.clock.now(), await kit.ports.stores.halts.get('halt')).tier;

describe('a halt', () => {
  it('stops a release that was asked for before it was stored, even if the halt says it is older', async () => {
    const { kit, ask } = await contained();
    const at = timeOf(kit.clock.now());
    await ask('release');
    assert.equal((await ask('halt', { at })).state, 'accepted');
    assert.equal(await allowed(kit), 'observe');
  });

  it('lets a release through that was asked for before and is asked for again', async () => {
    const { kit, ask } = await contained();
    await ask('release');
    await ask('halt');
    assert.equal(await allowed(kit), 'observe');
    const again = await ask('release');
    assert.deepEqual([again.state, await allowed(kit)], ['accepted', 'delete-host']);
    assert.match(again.outcome ?? '', /^changes in force are being undone/);
    assert.match((await ask('release')).outcome ?? '', /is already released/, 'once is enough');
  });

  it('is named to the sender of a release that it holds back', async () => {
    const { kit, ask } = await contained();
    await ask('halt');
    const at = timeOf(kit.clock.now() - 1);
    const { state, outcome } = await ask('release', { at });
    assert.match(outcome ?? '', /^nothing is undone before somebody resumes: everything is halted by ana@example\.com/);
    assert.deepEqual([state, await allowed(kit)], ['accepted', 'observe']);
    const again = await ask('release', { at });
    assert.deepEqual([again.state, await allowed(kit)], ['refused', 'observe']);
    assert.match(
      again.outcome ?? '',
      /waits for the end of the halt by ana@example\.com \(claimed\): this request is dated/,
    );
  });

  it('does not let a release that is over be asked for again', async () => {
    const { kit, id, ask } = await contained();
    await ask('release');
    await kit.carryOut(id);
    await ask('halt');
    assert.match((await ask('release')).outcome ?? '', /is already released/);
  });

  for (const order of ['halt, resume', 'resume, halt'])
    it(`outlasts a resume that was published before it by a sender whose clock is ahead: ${order}`, async () => {
      const kit = decisionKit();
      await kit.ask({ action: 'halt', ...ANA });
      await kit.clock.advance(MINUTE);
      const published = kit.clock.now();
      const at = timeOf(published + 5 * MINUTE);
      const envelopes = {
        resume: envelopeOf('requests', 'm-resume', { action: 'resume', at, ...ANA }, published),
        halt: envelopeOf('requests', 'm-halt', { action: 'halt', ...ANA }, published + MINUTE),
      };
      await kit.clock.advance(8 * MINUTE);
      const operate = makeOperate(kit.ports);
      await operate(order === 'halt, resume' ? envelopes.halt : envelopes.resume);
      await operate(order === 'halt, resume' ? envelopes.resume : envelopes.halt);
      assert.equal((await kit.ports.stores.halts.get('halt'))?.halted, true);
    });

  it('that is asked for again outlasts a resume from in between, which comes after it, and only that', async () => {
    const { kit, ask } = await contained();
    await ask('halt');
    const between = timeOf(kit.clock.now() + 1);
    assert.match((await ask('halt')).outcome ?? '', /everything is halted already/);
    const { outcome } = await ask('resume', { at: between });
    assert.match(outcome ?? '', /^it is older than what holds \(halted by ana@example\.com/);
    assert.equal((await kit.ports.stores.halts.get('halt'))?.halted, true);
    assert.equal((await ask('resume')).state, 'accepted');
    assert.equal((await ask('halt')).state, 'accepted');
  });

  it('that was asked for again is not made older by one that comes late', async () => {
    const { kit, ask } = await contained();
    await ask('halt');
    const [late, between] = [1, 2].map((ms) => timeOf(kit.clock.now() + ms));
    await ask('halt');
    assert.equal((await ask('halt', { at: late })).state, 'refused');
    assert.equal((await ask('resume', { at: between })).state, 'refused');
    assert.equal((await kit.ports.stores.halts.get('halt'))?.halted, true);
  });

  it('holds a release back that was published before it by a sender whose clock is ahead', async () => {
    const { kit, id } = await contained();
    const published = kit.clock.now();
    const at = timeOf(published + 5 * MINUTE);
    await kit.clock.advance(MINUTE);
    await kit.ask({ action: 'halt', ...ANA });
    await kit.clock.advance(8 * MINUTE);
    const body = { action: 'release', incident: id, at, ...ANA };
    await makeOperate(kit.ports)(envelopeOf('requests', 'm-release', body, published));
    assert.deepEqual([(await kit.incident()).goal?.tier, await allowed(kit)], ['released', 'observe']);
  });

  /** A halt that was carried out without its answer being stored, and was resumed meanwhile. */
  const unanswered = async () => {
    const { kit, ask } = await contained();
    const { requests } = kit.ports.stores;
    const { put } = requests;
    requests.put = (id, doc, rev) => (doc.state === 'seen' ? put(id, doc, rev) : Promise.reject(new Error('away')));
    const envelope = envelopeOf('requests', 'm-h', { id: 'h-1', action: 'halt', ...ANA }, kit.clock.now());
    await assert.rejects(makeOperate(kit.ports)(envelope), /away/);
    requests.put = put;
    assert.equal((await ask('resume')).state, 'accepted');
    return { kit, ask, envelope };
  };
  const answerOf = async (kit: Kit) => (await kit.ports.stores.requests.get('h-1')) ?? assert.fail('no record');

  it('that is delivered again after a resume gets its first answer, and halts nothing', async () => {
    const { kit, ask, envelope } = await unanswered();
    await makeOperate(kit.ports)(envelope);
    const { state, outcome } = await answerOf(kit);
    assert.deepEqual([state, outcome?.slice(0, 6)], ['accepted', 'halted']);
    assert.equal((await kit.ports.stores.halts.get('halt'))?.halted, false);
    assert.match((await ask('resume')).outcome ?? '', /nothing is halted/);
  });

  it('that was given up after a resume is recorded as carried out', async () => {
    const { kit, envelope } = await unanswered();
    const attributes = { CloudPubSubDeadLetterSourceSubscription: 'firebreak-requests' };
    await keepDeadLetter(kit.ports, { ...envelope, topic: 'dead-letters', attributes });
    assert.deepEqual([(await answerOf(kit)).state, (await answerOf(kit)).outcome], ['accepted', 'halted']);
  });

  it('that an older version recorded counts as carried out as well', async () => {
    const { kit, ask, envelope } = await unanswered();
    const { halts } = kit.ports.stores;
    const known = (await halts.get('halt')) ?? assert.fail('no halt');
    const { done: _, since: __, ...older } = { ...known, request: 'h-1', halted: true };
    await halts.put('halt', older, known.rev);
    await ask('resume');
    await makeOperate(kit.ports)(envelope);
    assert.equal((await answerOf(kit)).state, 'accepted');
  });

  it('and a resume are told, and taken up again, if that failed at the first delivery', async () => {
    const { kit, id } = await contained();
    const open = (await kit.ports.stores.incidents.get(id)) ?? assert.fail('no incident');
    await kit.ports.stores.incidents.put(id, { ...open, run: { rev: 0 }, state: 'containing' }, open.rev);
    const { bus } = kit.ports;
    for (const action of ['halt', 'resume']) {
      await kit.clock.advance(MINUTE);
      const envelope = envelopeOf('requests', `m-${action}`, { id: action, action, ...ANA }, kit.clock.now());
      kit.ports.bus = { publish: () => Promise.reject(new Error('away')) };
      await assert.rejects(makeOperate(kit.ports)(envelope), /away/);
      kit.ports.bus = bus;
      const before = kit.published.length;
      await makeOperate(kit.ports)(envelope);
      const topics = kit.published.slice(before).map(({ topic }) => topic);
      assert.deepEqual([action, topics.includes('notices')], [action, true]);
      if (action === 'resume') assert.ok(topics.includes('containment'));
    }
  });

  it('is reminded of at the next tick if the reminder could not be published', async () => {
    const { kit, ask } = await contained();
    await ask('halt');
    const { bus } = kit.ports;
    for (let hour = 0; hour < 2; hour += 1) {
      await kit.clock.advance(61 * MINUTE);
      kit.ports.bus = { publish: () => Promise.reject(new Error('away')) };
      await kit.tick();
      kit.ports.bus = bus;
      const before = kit.published.length;
      await kit.tick();
      await kit.tick();
      assert.equal(kit.published.slice(before).filter(({ topic }) => topic === 'notices').length, 1);
    }
  });

  it('that holds is not touched by a resume that is delivered again after it', async () => {
    const { kit, ask } = await contained();
    await ask('halt');
    const { requests } = kit.ports.stores;
    const { put } = requests;
    requests.put = (id, doc, rev) => (doc.state === 'seen' ? put(id, doc, rev) : Promise.reject(new Error('away')));
    await kit.clock.advance(MINUTE);
    const envelope = envelopeOf('requests', 'm-r', { id: 'h-1', action: 'resume', ...ANA }, kit.clock.now());
    await assert.rejects(makeOperate(kit.ports)(envelope), /away/);
    requests.put = put;
    await ask('halt');
    await makeOperate(kit.ports)(envelope);
    assert.deepEqual([(await answerOf(kit)).state, await allowed(kit)], ['accepted', 'observe']);
  });
});
