import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { unheld } from '../../../shared/containment/held.ts';
import { run } from '../../../shared/containment/run.ts';
import { DEFAULT_POLICY } from '../../../shared/decision/policy.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Entry } from '../../../shared/model/entry.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { containmentKit, incidentOf, openIncident, playKiller, podNamed, subjectOf } from '../../kit/containment.ts';
import { deliver } from '../../kit/deliveries.ts';

/** An incident to be isolated, with a disruption budget that blocks the drain of its node. */
const blockedDrain = async () => {
  const kit = containmentKit();
  const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' };
  const spec = { minAvailable: 2, selector: { matchLabels: { app: 'ledger' } } };
  kit.cluster.apply({ ...budget, metadata: { name: 'ledger', namespace: 'payments' }, spec });
  await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
  const drainOf = async () => (await incidentOf(kit, 'i-1')).journal.find((e) => e.step === 'drain-node');
  return { kit, halts: kit.ports.stores.halts, budget, drainOf };
};

describe('a run that a halt holds', () => {
  it('goes on by itself if the resume came between its read of the halt and its last write', async () => {
    const kit = containmentKit();
    const { stores } = kit.ports;
    await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'quarantine');
    const word = { v: 1 as const, rev: 0, writer: '', by: 'ana@example.com', reason: 'drill' };
    const at = timeOf(kit.clock.now());
    const halted = await stores.halts.put('halt', { ...word, halted: true, at }, null);
    let resumed = false;
    const incidents: typeof stores.incidents = {
      ...stores.incidents,
      put: async (id, doc, expected) => {
        // The resume is committed while the incident is leased, just before the run writes that it is held.
        if (doc.held !== undefined && !resumed) {
          resumed = true;
          await stores.halts.put('halt', { ...halted, halted: false }, halted.rev);
        }
        return stores.incidents.put(id, doc, expected);
      },
    };
    const ports = { ...kit.ports, stores: { ...stores, incidents } };
    await assert.rejects(kit.clock.drive(run(ports, 'i-1')), (thrown: Error) => {
      assert.ok(thrown instanceof Transient, String(thrown));
      return /held by a halt that has ended: it resumes/.test(thrown.message);
    });
    await kit.clock.drive(run(ports, 'i-1'));
    const { state, held } = await incidentOf(kit, 'i-1');
    assert.deepEqual([state, held], ['contained', undefined]);
  });

  it('leaves a drain the time that it had, so that the node is not cut before its pods could leave', async () => {
    const { kit, halts, budget, drainOf } = await blockedDrain();
    const at = timeOf(kit.clock.now());
    const word = { v: 1 as const, rev: 0, writer: '', halted: true, at, by: 'ana@example.com', reason: 'drill' };
    const sleep = async (ms: number): Promise<void> => {
      const isDraining = (await drainOf())?.state === 'pending';
      if (isDraining && (await halts.get('halt')) === undefined) await halts.put('halt', word, null);
      return kit.clock.sleep(ms);
    };
    await kit.clock.drive(run({ ...kit.ports, clock: { ...kit.clock, sleep } }, 'i-1'));
    assert.equal((await incidentOf(kit, 'i-1')).held?.because, 'halted by ana@example.com: drill');
    await kit.clock.advance(60 * 60_000);
    await kit.clock.drive(run(kit.ports, 'i-1'));
    kit.cluster.drop({ ...budget, name: 'ledger', namespace: 'payments' });
    const halted = (await halts.get('halt')) ?? assert.fail();
    await halts.put('halt', { ...halted, halted: false }, halted.rev);
    await deliver(kit, 'i-1');
    assert.deepEqual([(await drainOf())?.state, (await drainOf())?.proof], ['applied', 'proven']);
  });

  it('leaves a drain the time that it had when the work on it ended, however late a run finds the halt', async () => {
    const { kit, halts, budget, drainOf } = await blockedDrain();
    const sleep = async (ms: number): Promise<void> => {
      if ((await drainOf())?.state === 'pending') throw new Error('the process ends');
      return kit.clock.sleep(ms);
    };
    await assert.rejects(kit.clock.drive(run({ ...kit.ports, clock: { ...kit.clock, sleep } }, 'i-1')), /process ends/);
    await kit.clock.advance(100_000);
    const at = timeOf(kit.clock.now());
    const word = { v: 1 as const, rev: 0, writer: '', by: 'ana@example.com', reason: 'drill' };
    const halted = await halts.put('halt', { ...word, halted: true, at }, null);
    await kit.clock.drive(run(kit.ports, 'i-1'));
    assert.match((await incidentOf(kit, 'i-1')).held?.because ?? '', /^halted by/);
    await kit.clock.advance(60 * 60_000);
    await halts.put('halt', { ...halted, halted: false }, halted.rev);
    void kit.clock.sleep(60_000).then(() => kit.cluster.drop({ ...budget, name: 'ledger', namespace: 'payments' }));
    await deliver(kit, 'i-1');
    assert.deepEqual([(await drainOf())?.state, (await drainOf())?.proof], ['applied', 'proven']);
  });
});

describe('incidents that begin under a long halt', () => {
  /** Incidents on three nodes, one each hour, under a halt that is lifted at the end. */
  const afterHalt = async () => {
    const kit = containmentKit();
    Object.assign(kit.ports, { budgets: DEFAULT_POLICY.budgets });
    const { halts } = kit.ports.stores;
    const word = { v: 1 as const, rev: 0, writer: '', by: 'ana@example.com', reason: 'drill' };
    const halted = await halts.put('halt', { ...word, halted: true, at: timeOf(kit.clock.now()) }, null);
    const carts = kit.cluster.list('v1', 'Pod', 'shop').filter(({ metadata }) => metadata.name.startsWith('cart'));
    const apart = [...new Map(carts.map((pod) => [pod.spec?.nodeName, pod])).values()];
    const ids = apart.map((_, n) => `i-${n + 1}`);
    for (const [n, pod] of apart.entries()) {
      await openIncident(kit, `i-${n + 1}`, [await subjectOf(kit, pod)], 'quarantine');
      await kit.clock.drive(run(kit.ports, `i-${n + 1}`));
      await kit.clock.advance(61 * 60_000);
    }
    await halts.put('halt', { ...halted, halted: false }, halted.rev);
    for (const id of ids) await deliver(kit, id);
    return { kit, incidents: await Promise.all(ids.map((id) => incidentOf(kit, id))) };
  };

  it('keep to the budget when it ends', async () => {
    const { kit, incidents } = await afterHalt();
    const cordoned = kit.cluster.list('v1', 'Node').filter(({ spec }) => spec?.unschedulable === true);
    assert.deepEqual([incidents.length, cordoned.length], [3, 1]);
    assert.deepEqual(
      incidents.map(({ held }) => held?.budget),
      [undefined, true, true],
    );
  });

  it('have their snapshots taken when it ends', async () => {
    const { incidents } = await afterHalt();
    const snapshots = incidents.map(({ journal }) => journal.find((e) => e.step === 'start-snapshots'));
    assert.deepEqual(
      snapshots.map((e) => [e?.state, e?.proof]),
      incidents.map(() => ['applied', 'proven']),
      snapshots[0]?.because,
    );
  });
});

describe('a change that was begun before a long halt', () => {
  it('keeps to the budget when it ends', async () => {
    const kit = containmentKit();
    Object.assign(kit.ports, { budgets: DEFAULT_POLICY.budgets });
    const { halts, hosts } = kit.ports.stores;
    const carts = kit.cluster.list('v1', 'Pod', 'shop').filter(({ metadata }) => metadata.name.startsWith('cart'));
    const [one, other] = new Map(carts.map((pod) => [pod.spec?.nodeName, pod])).values();
    await openIncident(kit, 'i-1', [await subjectOf(kit, one ?? assert.fail())], 'isolate');
    const at = timeOf(kit.clock.now());
    const word = { v: 1 as const, rev: 0, writer: '', halted: true, at, by: 'ana@example.com', reason: 'drill' };
    const put: typeof hosts.put = async (id, doc, expected) => {
      const stored = await hosts.put(id, doc, expected);
      const isBegun = doc.journal.some((e) => e.step === 'cordon-node' && e.state === 'applying');
      if (isBegun && (await halts.get('halt')) === undefined) await halts.put('halt', word, null);
      return stored;
    };
    await kit.clock.drive(run({ ...kit.ports, stores: { ...kit.ports.stores, hosts: { ...hosts, put } } }, 'i-1'));
    assert.match((await incidentOf(kit, 'i-1')).held?.because ?? '', /^halted by/);
    await kit.clock.advance(61 * 60_000);
    const halted = (await halts.get('halt')) ?? assert.fail();
    await halts.put('halt', { ...halted, halted: false }, halted.rev);
    await openIncident(kit, 'i-2', [await subjectOf(kit, other ?? assert.fail())], 'isolate');
    await deliver(kit, 'i-2');
    const { held, journal } = await deliver(kit, 'i-1');
    const cordoned = kit.cluster.list('v1', 'Node').filter(({ spec }) => spec?.unschedulable === true);
    assert.deepEqual([held?.budget, cordoned.length], [true, 1]);
    assert.deepEqual(
      journal.filter(({ state }) => state === 'held').map(({ step }) => step),
      [
        ...['keep-disks', 'cordon-node', 'leave-group', 'restore-group-size', 'drain-node', 'deny-node-network'],
        'remove-external-ip',
      ],
    );
  });
});

describe('a deletion that a halt interrupts for an hour', () => {
  it('has its whole time after the halt, and ends what still runs', async () => {
    for (const tier of ['redeploy', 'delete-workload'] as const) {
      const kit = containmentKit();
      playKiller(kit);
      const { halts } = kit.ports.stores;
      const cart = podNamed(kit, 'shop', 'cart');
      await openIncident(kit, 'i-1', [await subjectOf(kit, cart)], tier, { stopFirst: true });
      const at = timeOf(kit.clock.now());
      const word = { v: 1 as const, rev: 0, writer: '', halted: true, at, by: 'ana@example.com', reason: 'drill' };
      const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: cart.metadata.name };
      const finalizers = (list: string[]) =>
        kit.cluster.edit(ref, ({ metadata }) => Object.assign(metadata, { finalizers: list }));
      finalizers(['example.com/hold']);
      const begun = async (): Promise<boolean> =>
        (await incidentOf(kit, 'i-1')).journal.some((e) => e.step.startsWith('delete-') && e.state === 'applying');
      const { incidents } = kit.ports.stores;
      const put: typeof incidents.put = async (id, doc, expected) => {
        const stored = await incidents.put(id, doc, expected);
        if ((await begun()) && (await halts.get('halt')) === undefined) await halts.put('halt', word, null);
        return stored;
      };
      const stores = { ...kit.ports.stores, incidents: { ...incidents, put } };
      await kit.clock.drive(run({ ...kit.ports, stores }, 'i-1'));
      assert.equal(kit.cluster.get(ref)?.metadata.deletionTimestamp, undefined);
      assert.match((await incidentOf(kit, 'i-1')).held?.because ?? '', /^halted by/);
      for (let minutes = 0; minutes < 60; minutes += 20) {
        await kit.clock.advance(20 * 60_000);
        await kit.clock.drive(run(kit.ports, 'i-1'));
      }
      const halted = (await halts.get('halt')) ?? assert.fail();
      await halts.put('halt', { ...halted, halted: false }, halted.rev);
      void kit.clock.sleep(5_000).then(() => finalizers([]));
      const { journal } = await deliver(kit, 'i-1');
      const ended = journal.filter(({ step }) => step.startsWith('delete-') || step === 'kill-container');
      assert.deepEqual(
        ended.filter((e) => e.state !== 'applied' || e.proof !== 'proven').map((e) => `${e.step}: ${e.because}`),
        [],
      );
    }
  });
});

describe('the `held` mark of an incident', () => {
  const at = '2026-03-02T03:00:00.000Z';
  const entry = (given: Partial<Entry>): Entry => ({
    ...{ step: 'cordon-node', subject: 'n', uid: '1', state: 'held', startedAt: at, proof: null, rev: 1 },
    ...given,
  });
  const wordAfter = async (budget: boolean, ...journal: Entry[]) => {
    const kit = containmentKit();
    const opened = await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
    const held = { because: 'used up', at, ...(budget ? { budget } : {}) };
    return unheld({ ...opened, held, journal }).held;
  };

  it('is removed if no budget held the incident', async () => {
    for (const halted of [entry({ state: 'pending' }), entry({ before: {} }), entry({ host: 'vm-1' })])
      assert.equal(await wordAfter(false, halted), undefined);
  });

  it('is that of the budget again once a halt is over', async () => {
    const waiting = entry({ because: 'the budget is used up', startedAt: '2026-03-02T02:00:00.000Z' });
    assert.deepEqual(await wordAfter(false, waiting, entry({})), {
      ...{ because: 'the budget is used up', at: '2026-03-02T02:00:00.000Z', budget: true },
    });
  });

  it('stays while the budget holds an item under this goal', async () => {
    const applied = entry({ step: 'quarantine-pod', state: 'applied' });
    assert.equal((await wordAfter(true, applied, entry({})))?.budget, true);
  });

  it('is removed once the budget holds no unbegun item under the present goal', async () => {
    for (const gone of [entry({ rev: 0 }), entry({ state: 'applied' }), entry({ before: {} }), entry({ host: 'vm-1' })])
      assert.equal(await wordAfter(true, gone), undefined);
  });
});
