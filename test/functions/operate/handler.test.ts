import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeOperate } from '../../../functions/operate/handler.ts';
import { Malformed } from '../../../shared/errors.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { decisionKit, envelopeOf, findingOn, targetOf } from '../../kit/decision.ts';
import { asking, cart, containments } from '../../kit/requests.ts';

describe('operate, tick and dead letters', () => {
  it('publishes again what was not published, on every page, and skips an incident that cannot be read', async () => {
    const kit = decisionKit();
    await kit.decide(findingOn(kit, targetOf(cart(kit))));
    const one = await kit.incident();
    for (let n = 0; n < 120; n += 1) {
      const id = `i-${String(n).padStart(3, '0')}-1`;
      const lease = { owner: 'contain-1', token: 't', until: timeOf(kit.clock.now() - 1) };
      await kit.ports.stores.incidents.put(id, { ...one, id, lease, dueAt: lease.until }, null);
    }
    const { get } = kit.ports.stores.incidents;
    kit.ports.stores.incidents.get = (id) => (id === 'i-007-1' ? Promise.reject(new Error('unreadable')) : get(id));
    const before = containments(kit);
    await kit.tick();
    assert.equal(containments(kit), before + 119);
  });

  it('leaves an incident alone that is not due', async () => {
    const kit = decisionKit();
    await asking(kit);
    await kit.carryOut((await kit.incident()).id);
    const before = kit.published.length;
    await kit.tick();
    assert.equal(kit.published.length, before);
  });

  it('stores a dead letter once, and counts it', async () => {
    const kit = decisionKit();
    const attributes = { CloudPubSubDeadLetterSourceSubscription: 'firebreak-decide-findings' };
    const envelope = { ...envelopeOf('dead-letters', 'd-1', { id: 'f-1' }, kit.clock.now()), attributes };
    await makeOperate(kit.ports)(envelope);
    await makeOperate(kit.ports)(envelope);
    const stored = await kit.ports.stores.dead.get('d-1');
    assert.deepEqual([stored?.topic, stored?.body, stored?.attributes], ['findings', { id: 'f-1' }, attributes]);
    assert.deepEqual(
      kit.counted.map((c) => c.metric),
      ['dead-letter'],
    );
  });

  it('stores the beginning of a dead letter that is too large for a document', async () => {
    const kit = decisionKit();
    await makeOperate(kit.ports)(envelopeOf('dead-letters', 'd-2', { text: 'x'.repeat(600_000) }, kit.clock.now()));
    assert.match(JSON.stringify((await kit.ports.stores.dead.get('d-2'))?.body), /"truncated":true/);
  });

  it('throws Malformed for another topic', async () => {
    const kit = decisionKit();
    await assert.rejects(makeOperate(kit.ports)(envelopeOf('findings', 'm', {}, kit.clock.now())), Malformed);
  });
});
