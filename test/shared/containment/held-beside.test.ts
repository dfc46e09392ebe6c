import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { isHeldBeside } from '../../../shared/containment/held-beside.ts';
import { containmentKit, type Kit, openIncident, podNamed, setGoal, subjectOf } from '../../kit/containment.ts';

/** Incidents, of which some are closed, and a document that they hold; `read` counts what is read of them. */
const holding = async (closed: readonly boolean[]) => {
  const kit: Kit = containmentKit();
  const pod = await subjectOf(kit, podNamed(kit, 'shop', 'cart-'));
  const { incidents } = kit.ports.stores;
  for (const [n, isClosed] of closed.entries()) {
    await openIncident(kit, `i-${n}`, [pod], 'quarantine');
    if (!isClosed) continue;
    const known = await setGoal(kit, `i-${n}`, 'closed');
    await incidents.put(known.id, { ...known, run: { rev: known.goal?.rev ?? assert.fail() } }, known.rev);
  }
  const host = {
    ...{ v: 1 as const, rev: 1, writer: '', id: 'h', instance: 'h', node: 'n', journal: [] },
    holders: closed.map((_, n) => `i-${n}`),
  };
  const read: string[] = [];
  const get: typeof incidents.get = (id) => {
    read.push(id);
    return incidents.get(id);
  };
  return { read, ask: (id: string) => isHeldBeside({ stores: { incidents: { ...incidents, get } } }, host, id) };
};

describe('containment/held-beside', () => {
  it('is told by the newest other holder alone, where that is not closed', async () => {
    const { read, ask } = await holding([false, false, false, false]);
    assert.deepEqual([await ask('i-0'), read], [true, ['i-3']]);
    read.length = 0;
    assert.deepEqual([await ask('i-3'), read], [true, ['i-2']]);
  });

  it('is true where an earlier one holds it still, and false where all others are closed or expired', async () => {
    assert.equal(await (await holding([false, true, true])).ask('i-9'), true);
    assert.equal(await (await holding([true, true, true])).ask('i-9'), false);
    assert.equal(await (await holding([false, true])).ask('i-0'), false);
    assert.equal(await (await holding([])).ask('i-0'), false);
    assert.equal(await isHeldBeside({ stores: containmentKit().ports.stores }, undefined, 'i-0'), false);
  });
});
