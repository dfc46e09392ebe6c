import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP } from '../../../local/world/seed.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { Target } from '../../../shared/model/target.ts';
import { approve, BY_ANA, planOf, verifiedKit } from '../../kit/asks.ts';
import { type Kit, podNamed, targetOf } from '../../kit/decision.ts';

const HOUR = 60 * 60_000;
const cart = (kit: Kit) => podNamed(kit, 'shop', 'cart-');

/** What one operator asks for, and another one has to approve. */
const ASKS: Readonly<Record<string, (kit: Kit) => Target>> = {
  pod: (kit) => targetOf(cart(kit)),
  workload: () => ({ ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } }),
  node: (kit) => ({ ...SHOP, node: String(cart(kit).spec?.nodeName) }),
};

for (const [what, target] of Object.entries(ASKS))
  describe(`an ask on a ${what}`, () => {
    const asked = async (): Promise<{ kit: Kit; before: Incident }> => {
      const kit = verifiedKit('operators: { another: [isolate] }');
      await kit.ask({ action: 'contain', tier: 'isolate', target: target(kit), ...BY_ANA });
      return { kit, before: await kit.incident() };
    };

    it('can be approved until it lapses, and neither then nor a minute later', async () => {
      for (const [after, state] of [
        [HOUR - 1, 'accepted'],
        [HOUR, 'refused'],
        [HOUR + 59_999, 'refused'],
      ] as const) {
        const { kit, before } = await asked();
        await kit.clock.advance(after);
        const answer = await kit.ask(approve(before, planOf(before)));
        assert.equal(answer.state, state, `${after} ms: ${answer.outcome}`);
        assert.equal((await kit.incident()).goal?.tier, state === 'accepted' ? 'isolate' : undefined);
      }
    });

    it('can be approved only as the plan is now, also where the ask does not say so yet', async () => {
      const { kit, before } = await asked();
      const [one] = before.subjects;
      const other = { ...(one ?? assert.fail()), uid: 'another' };
      await kit.ports.stores.incidents.put(before.id, { ...before, subjects: [...before.subjects, other] }, before.rev);
      const { state, outcome } = await kit.ask(approve(before, planOf(before)));
      assert.equal(state, 'refused');
      assert.match(outcome ?? '', /^field "plan": the ask of incident \S+ has changed since; /);
      assert.equal((await kit.incident()).goal, null);
    });
  });
