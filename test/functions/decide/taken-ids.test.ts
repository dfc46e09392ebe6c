import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { msOf, timeOf } from '../../../shared/model/time.ts';
import { decisionKit, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';

const incidentsOf = async (kit: Kit) => (await kit.ports.stores.incidents.list({})).items;

const arrange = () => {
  const kit = decisionKit();
  const [cart, other] = [podNamed(kit, 'shop', 'cart-'), podNamed(kit, 'payments', 'ledger-')];
  const real = findingOn(kit, targetOf(cart));
  return { kit, cart, other, real, forged: { ...real, target: targetOf(other) } };
};

/** The pods of each incident, by the names of their workloads. */
const heldIn = async (kit: Kit): Promise<string[][]> =>
  (await incidentsOf(kit)).map(({ subjects }) =>
    subjects.flatMap((one) => (one.kind === 'pod' ? [one.namespace] : [])).sort(),
  );

describe('a finding with the id of another', () => {
  for (const inOrder of ['after', 'before'] as const)
    it(`that comes ${inOrder} it neither joins its incident nor takes its place`, async () => {
      const { kit, real, forged } = arrange();
      for (const one of inOrder === 'after' ? [real, forged] : [forged, real]) await kit.decide(one);
      const held = await heldIn(kit);
      assert.deepEqual(held.map((pods) => [...new Set(pods)]).sort(), [['payments'], ['shop']]);
      const before = (await incidentsOf(kit)).map(({ id, rev }) => [id, rev]);
      for (const one of [real, forged]) await kit.decide(one);
      assert.deepEqual(
        (await incidentsOf(kit)).map(({ id, rev }) => [id, rev]),
        before,
      );
    });

  it('that comes at the same time does neither', async () => {
    const { kit, real, forged } = arrange();
    const done = await Promise.allSettled([kit.decide(forged), kit.decide(real)]);
    // What lost the race is delivered again.
    for (const [n, one] of [forged, real].entries()) if (done[n]?.status === 'rejected') await kit.decide(one);
    const held = await heldIn(kit);
    assert.deepEqual(held.map((pods) => [...new Set(pods)]).sort(), [['payments'], ['shop']]);
  });

  it('and with the one that it would be given instead is not taken for that either', async () => {
    const { kit, real, forged } = arrange();
    await kit.decide(real);
    await kit.decide(forged);
    const [given] = (await incidentsOf(kit)).flatMap(({ findings }) => findings).filter(({ id }) => id !== real.id);
    assert.ok(given !== undefined);
    await kit.decide({ ...real, id: given.id, because: ['taken'] });
    const held = await heldIn(kit);
    assert.deepEqual(held.map((pods) => [...new Set(pods)]).sort(), [['payments'], ['shop']]);
  });

  it('and with a time before its pod was there does not keep it from being looked at', async () => {
    const { kit, cart, real } = arrange();
    await kit.decide({ ...real, at: timeOf(msOf(real.at) - 365 * 86_400_000) });
    await kit.decide(real);
    const uids = (await incidentsOf(kit)).flatMap(({ subjects }) => subjects.map(({ uid }) => uid));
    assert.ok(uids.includes(cart.metadata.uid), 'the pod is in no incident');
  });
});
