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
import { decisionKit, envelopeOf, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

const WHO = { reason: 'drill', requestedBy: 'ana@example.com' };

/** A kit whose only incident was written by a newer release in an unknown shape. */
const newer = async (): Promise<{ kit: Kit; raw: RawStore; id: string; stored(): Promise<unknown> }> => {
  const kit = decisionKit();
  const raw = makeMemoryStore(kit.clock);
  kit.ports.stores = openStores({ raw, clock: kit.clock });
  await kit.decide(findingOn(kit, targetOf(podNamed(kit, 'shop', 'cart-'))));
  const { items } = await kit.ports.stores.incidents.list({});
  const id = items[0]?.id ?? assert.fail('no incident');
  const row = (await raw.get('incidents', id)) ?? assert.fail('no row');
  const body = JSON.stringify({ ...JSON.parse(row.body), v: 2, shape: 'unknown' });
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
