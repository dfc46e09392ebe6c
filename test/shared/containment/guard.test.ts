import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { makeGuard } from '../../../shared/containment/guard.ts';
import { LEASE_MS } from '../../../shared/containment/ledger.ts';
import { Transient } from '../../../shared/errors.ts';
import { timeOf } from '../../../shared/model/time.ts';
import type { Clock } from '../../../shared/ports.ts';
import { containmentKit, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';

const ID = 'i-1';
const HOLD = { incident: ID, token: 't-1', goalRev: 1 };

/** A leased incident, and a store that takes `haltMs` to say whether there is a halt. */
const guarded = async (haltMs: number, jumpMs = 0, broken = false) => {
  const kit = containmentKit();
  const { ports, clock } = kit;
  const opened = await openIncident(kit, ID, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
  const lease = { owner: 'contain-1', token: HOLD.token, until: timeOf(clock.now() + LEASE_MS) };
  await ports.stores.incidents.put(ID, { ...opened, lease }, opened.rev);
  let set = 0;
  let asked = 0;
  const own: Clock = { ...clock, now: () => clock.now() + set };
  const halts: typeof ports.stores.halts = {
    ...ports.stores.halts,
    get: async (id) => {
      asked += 1;
      await clock.sleep(haltMs);
      set = jumpMs;
      if (broken) throw new Transient('the store does not answer');
      return ports.stores.halts.get(id);
    },
  };
  const guard = makeGuard({ clock: own, stores: { ...ports.stores, halts } }, HOLD);
  const renew = async () => {
    const known = await ports.stores.incidents.get(ID);
    if (known === undefined) throw new Error('the incident is gone');
    const until = timeOf(clock.now() + LEASE_MS);
    await ports.stores.incidents.put(ID, { ...known, lease: { ...lease, until } }, known.rev);
  };
  return { pass: () => clock.drive(guard()), asked: () => asked, begin: () => guard.begin(), renew, clock };
};

describe('the guard before every send', () => {
  it('reads the halt once if the store answers at once', async () => {
    const { pass, asked } = await guarded(10);
    await pass();
    assert.equal(asked(), 1);
  });

  it('reads the halt again if a read took so long that a halt may have come meanwhile, and gives up after three reads', async () => {
    const { pass, asked } = await guarded(2_500);
    await assert.rejects(pass(), Transient);
    assert.equal(asked(), 3);
  });

  it('lets nothing through if it cannot read whether there is a halt', async () => {
    const { pass } = await guarded(10, 0, true);
    await assert.rejects(pass(), /the store does not answer/);
  });

  it('still measures how old its read is when the clock is set back', async () => {
    const { pass } = await guarded(2_500, -30_000);
    await assert.rejects(pass(), Transient);
  });

  it('believes nothing of a look that it took ahead long ago: the lease has been renewed since', async () => {
    const { pass, asked, begin, renew, clock } = await guarded(10);
    begin();
    await clock.advance(LEASE_MS - 5_000);
    await renew();
    await pass();
    assert.equal(asked(), 2);
  });
});
