import { strict as assert } from 'node:assert';
import { isTaken, LEASE_MS, type Ledger, leaseOf, openLedger, withEntry } from '../../../shared/containment/ledger.ts';
import { Stopped } from '../../../shared/containment/stopped.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import { type Entry, keyOf, type PlanItem } from '../../../shared/model/entry.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { containmentKit, incidentOf, openIncident, podNamed, setGoal, subjectOf } from '../../kit/containment.ts';

const ID = 'i-1';
const AT = '2026-03-02T03:00:00.000Z';
const isGoing = (incident: Incident): incident is Incident & { goal: Goal } => incident.goal !== null;
const entry = (step: Entry['step'], state: Entry['state'] = 'applied'): Entry => ({
  ...{ step, subject: 'n', uid: '1', state, startedAt: AT, proof: null, rev: 1 },
});
const adding =
  (step: Entry['step']) =>
  (i: Incident): Incident => ({ ...i, journal: [...i.journal, entry(step)] });

const desk = async () => {
  const kit = containmentKit();
  await openIncident(kit, ID, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
  const open = (token: string) => openLedger(kit.ports, ID, `run ${token}`, token, isGoing);
  const opened = async (token = 't-1'): Promise<Ledger> => {
    const ledger = await open(token);
    if (ledger === undefined) throw new Error('another run holds it');
    return ledger;
  };
  const stored = () => incidentOf(kit, ID);
  return { kit, open, opened, stored, steps: async () => (await stored()).journal.map((e) => e.step) };
};

describe('containment/ledger: the lease', () => {
  it('belongs to one run until it is over', async () => {
    const { kit, open, opened, stored } = await desk();
    await opened('t-1');
    assert.equal(await open('t-2'), undefined);
    assert.equal((await stored()).lease?.token, 't-1');
    await kit.clock.advance(LEASE_MS);
    assert.ok(await open('t-2'));
    assert.equal((await stored()).lease?.token, 't-2');
  });

  it('is not taken if there is nothing to do', async () => {
    const { kit, stored } = await desk();
    const none = (i: Incident): i is Incident & { goal: Goal } => isGoing(i) && i.goal.rev > 1;
    assert.equal(await openLedger(kit.ports, ID, 'contain-1', 't-1', none), undefined);
    assert.equal((await stored()).lease, undefined);
  });

  it('stops every write of a run after another run has taken over', async () => {
    const { kit, opened, stored } = await desk();
    const late = await opened('t-1');
    await kit.clock.advance(LEASE_MS);
    const mine = await opened('t-2');
    await mine.write(adding('cordon-node'));
    const before = await stored();
    late.note(adding('drain-node'));
    await assert.rejects(late.write(adding('drain-node')), Stopped);
    await assert.rejects(late.written(), Stopped);
    await assert.rejects(
      late.finish(1, (i) => i),
      Stopped,
    );
    await assert.rejects(late.rest(1), Stopped);
    assert.equal(await late.close(adding('drain-node')), undefined);
    assert.deepEqual(await stored(), before);
  });

  it('reports a fault of the store when it is given up', async () => {
    const { kit, opened } = await desk();
    const ledger = await opened();
    const { incidents } = kit.ports.stores;
    const put = () => Promise.reject(new Transient('the store does not answer'));
    Object.assign(incidents, { put });
    await assert.rejects(
      ledger.close((i) => i),
      /the store does not answer/,
    );
  });

  it('ends exactly at its end time, and never counts as taken for its own token', () => {
    const now = Date.parse(AT);
    const lease = leaseOf({ now: () => now }, 'contain-1', 't-1');
    assert.equal(isTaken(undefined, 't-2', now), false);
    assert.equal(isTaken(lease, 't-1', now), false);
    assert.equal(isTaken(lease, 't-2', now + LEASE_MS - 1), true);
    assert.equal(isTaken(lease, 't-2', now + LEASE_MS), false);
  });
});

describe('containment/ledger: a noted change', () => {
  it('is visible at once, and is stored by the next write, before the change of that write', async () => {
    const { opened, steps } = await desk();
    const ledger = await opened();
    ledger.note(adding('cordon-node'));
    assert.deepEqual(ledger.seen().journal.length, 1);
    assert.deepEqual(await steps(), []);
    await ledger.write(adding('drain-node'));
    assert.deepEqual(await steps(), ['cordon-node', 'drain-node']);
    assert.deepEqual(ledger.seen().journal.length, 2);
  });

  it('is stored once by `written`, which renews the lease and writes nothing if nothing is noted', async () => {
    const { kit, opened, stored, steps } = await desk();
    const ledger = await opened();
    ledger.note(adding('cordon-node'));
    await kit.clock.advance(10_000);
    await ledger.written();
    assert.equal((await stored()).lease?.until, timeOf(kit.clock.now() + LEASE_MS));
    const { rev } = await stored();
    await ledger.written();
    assert.equal((await stored()).rev, rev);
    assert.deepEqual(await steps(), ['cordon-node']);
  });

  it('is stored by one write where two ask for it, and a later one by another', async () => {
    const { opened, stored, steps } = await desk();
    const ledger = await opened();
    const { rev } = await stored();
    ledger.note(adding('cordon-node'));
    const both = [ledger.written(), ledger.written()];
    ledger.note(adding('drain-node'));
    await Promise.all(both);
    assert.deepEqual([(await stored()).rev, await steps()], [rev + 1, ['cordon-node', 'drain-node']]);
    ledger.note(adding('leave-group'));
    const third = ledger.written();
    await Promise.resolve();
    ledger.note(adding('quarantine-pod'));
    await Promise.all([third, ledger.written()]);
    assert.deepEqual(await steps(), ['cordon-node', 'drain-node', 'leave-group', 'quarantine-pod']);
  });

  it('stays noted if it could not be stored', async () => {
    const { kit, opened, steps } = await desk();
    const ledger = await opened();
    const { incidents } = kit.ports.stores;
    const { put } = incidents;
    ledger.note(adding('cordon-node'));
    Object.assign(incidents, { put: () => Promise.reject(new Transient('the store does not answer')) });
    await assert.rejects(ledger.written(), Transient);
    Object.assign(incidents, { put });
    await ledger.write(adding('drain-node'));
    assert.deepEqual(await steps(), ['cordon-node', 'drain-node']);
  });

  it('is stored when `written` resolves, even if another write is under way', async () => {
    const { opened, steps } = await desk();
    const ledger = await opened();
    const writing = ledger.write(adding('cordon-node'));
    await ledger.written();
    assert.deepEqual(await steps(), ['cordon-node']);
    await writing;
  });
});

describe('containment/ledger: the last write', () => {
  for (const last of ['finish', 'rest'] as const)
    it(`${last}: gives up the lease if the goal is still the same, and keeps it under another goal`, async () => {
      for (const isNewer of [false, true]) {
        const { kit, opened, stored } = await desk();
        const ledger = await opened();
        if (isNewer) await setGoal(kit, ID, 'released');
        const left = await (last === 'finish' ? ledger.finish(1, adding('cordon-node')) : ledger.rest(1));
        assert.equal(left, !isNewer);
        const { lease, run, journal } = await stored();
        assert.equal(lease === undefined, !isNewer);
        assert.equal(last === 'finish' ? run.rev : (run.walked ?? 0), isNewer ? 0 : 1);
        assert.equal(journal.length, last === 'finish' && !isNewer ? 1 : 0);
      }
    });
});

describe('the place of an entry in a journal', () => {
  const plan = (['cordon-node', 'drain-node', 'deny-node-network'] as const).map(
    (step): PlanItem => ({ step, subject: 'n', uid: '1', after: [] }),
  );
  const steps = (journal: Entry[]) => journal.map((e) => `${e.step} ${e.state}`);

  it('is that of the entry with the same key', () => {
    const journal = [entry('cordon-node', 'pending'), entry('drain-node')];
    assert.deepEqual(steps(withEntry(journal, entry('cordon-node'), plan)), [
      'cordon-node applied',
      'drain-node applied',
    ]);
    assert.deepEqual(new Set(journal.map(keyOf)).size, 2);
  });

  it('follows the order of the plan', () => {
    const last = entry('deny-node-network');
    const first = entry('cordon-node');
    assert.deepEqual(steps(withEntry(withEntry([last], first, plan), entry('drain-node'), plan)), [
      'cordon-node applied',
      'drain-node applied',
      'deny-node-network applied',
    ]);
  });

  it('is at the end if the entry is not in the plan', () => {
    assert.deepEqual(steps(withEntry([entry('drain-node')], entry('keep-disks'), plan)).at(-1), 'keep-disks applied');
    assert.deepEqual(steps(withEntry([entry('drain-node')], entry('cordon-node'))).at(-1), 'cordon-node applied');
  });
});
