import { strict as assert } from 'node:assert';
import { makeDecide } from '../../../functions/decide/handler.ts';
import { makeOperate } from '../../../functions/operate/handler.ts';
import { makeMemoryStore } from '../../../shared/adapters/store-memory.ts';
import { Transient } from '../../../shared/errors.ts';
import type { TracedLog } from '../../../shared/log.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { serve } from '../../../shared/serve.ts';
import { openStores } from '../../../shared/store/incidents.ts';
import type { RawStore } from '../../../shared/store/raw.ts';
import { decisionKit, envelopeOf, findingOn, type Kit, noticesOf, podNamed, targetOf } from '../../kit/decision.ts';

const WHO = { reason: 'drill', requestedBy: 'ana@example.com' };

const AT = '2026-03-01T12:00:00.000Z';
const LATER = { v: 2, shape: 'unknown' };

/** A kit whose only incident was written by a newer release in an unknown shape. */
const newer = async (
  shape: object = LATER,
): Promise<{ kit: Kit; raw: RawStore; id: string; stored(): Promise<unknown> }> => {
  const kit = decisionKit();
  const raw = makeMemoryStore(kit.clock);
  kit.ports.stores = openStores({ raw, clock: kit.clock });
  await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-'))));
  const { items } = await kit.ports.stores.incidents.list({});
  const id = items[0]?.id ?? assert.fail('no incident');
  const row = (await raw.get('incidents', id)) ?? assert.fail('no row');
  const body = JSON.stringify({ ...JSON.parse(row.body), ...shape });
  await raw.put('incidents', id, { ...row, rev: row.rev + 1, body, dueAt: timeOf(kit.clock.now()) }, row.rev);
  return { kit, raw, id, stored: () => raw.get('incidents', id) };
};

// During a deployment two releases run at once. The older one must not change what the newer one has written.
describe('a document of a newer release', () => {
  it('is not changed by a finding, whose message is delivered again', async () => {
    const { kit, stored } = await newer();
    const before = await stored();
    const one = findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')));
    const envelope = envelopeOf('findings', 'm-1', one, kit.clock.now());
    await assert.rejects(makeDecide(kit.ports)(envelope), (thrown: Error) => {
      assert.ok(thrown instanceof Transient, String(thrown));
      return /version 2, newer than the 1 that this release reads/.test(thrown.message);
    });
    assert.deepEqual(await stored(), before);
  });

  it('is reported to the framework as a failure, so that the bus delivers again', async () => {
    const { kit } = await newer();
    const log: TracedLog = { ...kit.ports.log, within: (_, work) => work() };
    const clock = { now: () => kit.clock.now(), monotonic: () => 0 };
    const handle = serve(makeDecide(kit.ports), { log, clock, topics: ['findings'] });
    const one = findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')));
    const message = { messageId: 'm-1', data: Buffer.from(JSON.stringify(one)).toString('base64') };
    const source = '//pubsub.googleapis.com/projects/p1/topics/firebreak-findings';
    await assert.rejects(handle({ source, data: { message } }), Transient);
  });

  it('is not changed by a request, which stays unanswered', async () => {
    const { kit, id, stored } = await newer();
    const before = await stored();
    const request = { id: 'r-1', action: 'release', incident: id, ...WHO };
    await assert.rejects(makeOperate(kit.ports)(envelopeOf('requests', 'm-2', request, kit.clock.now())), Transient);
    assert.deepEqual(await stored(), before);
    assert.equal((await kit.ports.stores.requests.get('r-1'))?.state, 'seen');
  });

  const buried = (kit: Kit, topic: string, body: unknown): Promise<void> =>
    makeOperate(kit.ports)({
      ...envelopeOf('dead-letters', 'd-1', body, kit.clock.now()),
      attributes: { CloudPubSubDeadLetterSourceSubscription: `firebreak-some-${topic}` },
    });

  it('gives a request that was given up a dead letter, a notice and an answer', async () => {
    const { kit, id } = await newer();
    const request = { id: 'r-1', action: 'release', incident: id, ...WHO };
    await assert.rejects(makeOperate(kit.ports)(envelopeOf('requests', 'm-2', request, kit.clock.now())), Transient);
    await buried(kit, 'requests', request);
    assert.match((await kit.ports.stores.dead.get('d-1'))?.error ?? '', /version 2, newer than the 1/);
    assert.ok(noticesOf(kit).some(({ title }) => /topic requests was given up/.test(title)));
    const { state, outcome } = (await kit.ports.stores.requests.get('r-1')) ?? assert.fail();
    assert.equal(state, 'refused');
    assert.match(outcome ?? '', /given up after its last attempt.*version 2, newer than the 1/);
  });

  it('does not keep the id of an incident that was given up from people', async () => {
    const { kit, id, stored } = await newer();
    const before = await stored();
    // It is delivered again, so that the goal is announced again once a release is there that reads the document.
    await assert.rejects(buried(kit, 'containment', { incident: id }), Transient);
    assert.equal((await kit.ports.stores.dead.get('d-1'))?.topic, 'containment');
    assert.ok(noticesOf(kit).some(({ title }) => /topic containment was given up/.test(title)));
    assert.deepEqual(await stored(), before);
  });
});

// A release that adds a step, a tier or a state writes documents of the same version, with values that are unknown here.
describe('a document with a value that only a newer release knows', () => {
  const added = { step: 'move-elsewhere', subject: 'n1', uid: '4711', after: [] };
  for (const [what, shape] of [
    ['a step of the plan', { plan: [added] }],
    ['a state', { state: 'moved' }],
    ['a tier of the goal', { goal: { rev: 1, tier: 'move', by: 'x', mode: 'act', at: AT, requested: false } }],
    ['a kind of subject', { subjects: [{ kind: 'machine' }] }],
  ] as const) {
    it(`is not changed by a finding, whose message is delivered again instead of being lost: ${what}`, async () => {
      const { kit, stored } = await newer(shape);
      const before = await stored();
      const one = findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-')));
      const envelope = envelopeOf('findings', 'm-1', one, kit.clock.now());
      await assert.rejects(makeDecide(kit.ports)(envelope), (thrown: Error) => {
        assert.ok(thrown instanceof Transient, String(thrown));
        return /that this release does not know/.test(thrown.message);
      });
      assert.deepEqual(await stored(), before);
    });
  }

  it('is not changed by a request, which stays unanswered', async () => {
    const { kit, id } = await newer({ plan: [added] });
    const request = { id: 'r-1', action: 'release', incident: id, ...WHO };
    await assert.rejects(makeOperate(kit.ports)(envelopeOf('requests', 'm-2', request, kit.clock.now())), Transient);
    assert.equal((await kit.ports.stores.requests.get('r-1'))?.state, 'seen');
  });
});

// Functions are deployed one after another, so a detector may be newer than decide for a while.
describe('a finding of a newer release', () => {
  const sent = (kit: Kit, more: object) => {
    const one = { ...findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-'))), ...more };
    return makeDecide(kit.ports)(envelopeOf('findings', 'm-1', one, kit.clock.now()));
  };

  it('has its effect without the field that decide does not know', async () => {
    const kit = decisionKit();
    await sent(kit, { mood: 'calm' });
    const { items } = await kit.ports.stores.incidents.list({});
    assert.equal(items[0]?.findings.length, 1);
    assert.equal(Object.hasOwn(items[0].findings[0] ?? {}, 'mood'), false);
  });

  it('is delivered again if decide cannot read its form, instead of being lost', async () => {
    const kit = decisionKit();
    await assert.rejects(sent(kit, { v: 2 }), Transient);
    assert.deepEqual((await kit.ports.stores.incidents.list({})).items, []);
  });
});
