import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeOperate } from '../../../../functions/operate/handler.ts';
import { Transient } from '../../../../shared/errors.ts';
import { decisionKit, envelopeOf, findingOn, type Kit, podNamed, targetOf } from '../../../kit/decision.ts';

const ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com' };
const cart = (kit: Kit) => targetOf(podNamed(kit, 'shop', 'cart-'));

describe('the incident of a request', () => {
  it('is chosen once: a redelivery after a release does not reach the next episode', async () => {
    const kit = decisionKit();
    const { stores, clock } = kit.ports;
    const asked = envelopeOf(
      'requests',
      'm-late',
      { action: 'contain', tier: 'isolate', target: cart(kit), ...ANA },
      clock.now(),
    );
    // The function dies after it carried the request into the incident, before it could write the answer.
    const dying = {
      ...kit.ports,
      stores: {
        ...stores,
        requests: {
          ...stores.requests,
          put: async (id: string, doc: Parameters<typeof stores.requests.put>[1], expected: number | null) => {
            if (doc.state !== 'seen') throw new Transient('the answer could not be written');
            return stores.requests.put(id, doc, expected);
          },
        },
      },
    };
    await assert.rejects(makeOperate(dying)(asked), Transient);
    const first = await kit.incident();
    assert.equal(first.goal?.tier, 'isolate');

    await kit.carryOut(first.id);
    await kit.ask({ action: 'release', incident: first.id, ...ANA });
    await kit.carryOut(first.id);
    await kit.decide(findingOn(kit, cart(kit)));
    const [, second] = await kit.incidents();
    assert.equal(second?.episode, 2);

    await makeOperate(kit.ports)(asked);
    const record = await stores.requests.get('m-late');
    assert.deepEqual([record?.state, record?.incident], ['accepted', first.id]);
    assert.match(record?.outcome ?? '', /^isolate starts/);
    assert.deepEqual((await stores.incidents.get(second?.id ?? ''))?.requests, undefined);
  });
});
