import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { QUARANTINE_TAG } from '../../../shared/containment/quarantine-rules.ts';
import { run } from '../../../shared/containment/run.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { CONTAIN, incidentOf, openIncident, setGoal, stateOfStep } from '../../kit/containment.ts';
import { deliver, reach, TICK_MS } from '../../kit/deliveries.ts';
import { neighbours } from '../../kit/neighbours.ts';

const HOUR_AND_MORE = 61 * 60_000;

describe('investigation access that ends on a node that two incidents held', () => {
  it('is closed for the current holder, and makes the incident that released the node no holder again', async () => {
    const { kit, openSecond, holders, tags, isCordoned } = await neighbours('isolate', { investigate: true });
    await openSecond();
    await deliver(kit, 'i-1');
    await deliver(kit, 'i-2');
    await reach(kit, 'i-1', 'released');
    await kit.clock.advance(HOUR_AND_MORE);
    await kit.clock.drive(run(kit.ports, 'i-1'));
    assert.deepEqual([await holders(), tags()?.includes('firebreak-investigate')], [['i-2'], false]);
    assert.equal((await reach(kit, 'i-2', 'released')).state, 'released');
    assert.deepEqual([await holders(), tags()?.includes(QUARANTINE_TAG), isCordoned()], [[], false, false]);
  });

  it('is already over if the whole node was released before, so that the tick has nothing to do', async () => {
    const { kit, cart, openSecond, holders, tags } = await neighbours('isolate', { investigate: true });
    await openSecond();
    for (const id of ['i-1', 'i-2']) await deliver(kit, id);
    for (const id of ['i-1', 'i-2']) {
      await reach(kit, id, 'released');
    }
    await kit.clock.advance(HOUR_AND_MORE);
    await kit.clock.drive(run(kit.ports, 'i-1'));
    assert.deepEqual([await holders(), (await incidentOf(kit, 'i-1')).dueAt], [[], undefined]);
    await openIncident(kit, 'i-3', [cart], 'isolate');
    await deliver(kit, 'i-3');
    await reach(kit, 'i-3', 'released');
    assert.deepEqual([await holders(), tags()?.includes(QUARANTINE_TAG)], [[], false]);
  });
});

describe('investigation access whose time is over', () => {
  it('does not close another access that was opened on the node since', async () => {
    const { kit, cart, openSecond, tags } = await neighbours('isolate', { investigate: true });
    await openSecond();
    for (const id of ['i-1', 'i-2']) await deliver(kit, id);
    for (const id of ['i-1', 'i-2']) {
      await reach(kit, id, 'released');
    }
    await kit.clock.advance(50 * 60_000);
    await openIncident(kit, 'i-3', [cart], 'isolate', { options: { investigate: true } });
    await deliver(kit, 'i-3');
    await kit.clock.advance(11 * 60_000);
    await kit.clock.drive(run(kit.ports, 'i-1'));
    assert.ok(tags()?.includes('firebreak-investigate'));
    assert.equal(stateOfStep(await incidentOf(kit, 'i-1'), 'open-investigation-access'), 'undone');
  });

  it('is opened again, for its whole time, only if an operator asks for it again', async () => {
    for (const isDenied of [false, true]) {
      const { kit, tags } = await neighbours('isolate', { investigate: true });
      const isOpen = (): boolean => tags()?.includes('firebreak-investigate') === true;
      const refuse = { kind: 'refuse', status: 403, reason: 'forbidden', method: 'Instances.SetTags' } as const;
      const denials = { ...refuse, actor: CONTAIN, times: 1_000 };
      const asked = async (goal: Partial<Goal> = {}) => {
        await reach(kit, 'i-1', 'isolate', { options: { investigate: true }, ...goal });
      };
      const ticks = async (count: number) => {
        for (let n = 0; n < count; n += 1) {
          await kit.clock.drive(run(kit.ports, 'i-1'));
          await kit.clock.advance(TICK_MS);
        }
      };
      if (isDenied) kit.world.compute.state.scripts.push(denials);
      const first = { accessAt: timeOf(kit.clock.now()) };
      await asked(first);
      await ticks(20);
      assert.equal(isOpen(), !isDenied);
      await kit.clock.advance(HOUR_AND_MORE);
      kit.world.compute.state.scripts.length = 0;
      await ticks(3);
      assert.equal(isOpen(), false);
      await asked(first);
      assert.equal(isOpen(), false, 'another goal is not asked for by somebody who needs the access');
      await asked({ accessAt: timeOf(kit.clock.now()) });
      assert.equal(isOpen(), true);
      await kit.clock.advance(HOUR_AND_MORE / 2);
      await ticks(1);
      assert.equal(isOpen(), true);
      await kit.clock.advance(HOUR_AND_MORE);
      await ticks(3);
      assert.equal(isOpen(), false);
    }
  });

  it('is closed at the next try if the first is denied', async () => {
    const { kit, tags } = await neighbours('isolate', { investigate: true });
    await deliver(kit);
    await kit.clock.advance(HOUR_AND_MORE);
    const refuse = { kind: 'refuse', status: 403, reason: 'forbidden', method: 'Instances.SetTags' } as const;
    kit.world.compute.state.scripts.push({ ...refuse, actor: CONTAIN, times: 1 });
    for (let ticks = 0; ticks < 5; ticks += 1) {
      await kit.clock.drive(run(kit.ports, 'i-1'));
      await kit.clock.advance(TICK_MS);
    }
    assert.equal(tags()?.includes('firebreak-investigate'), false);
  });

  it('is told as held by a halt at every tick, and leaves no lease on the node meanwhile', async () => {
    const { kit, cart, tags } = await neighbours('isolate', { investigate: true });
    await deliver(kit);
    await kit.clock.advance(HOUR_AND_MORE);
    const { halts, hosts } = kit.ports.stores;
    const at = timeOf(kit.clock.now());
    await halts.put('halt', { v: 1, rev: 0, writer: '', halted: true, by: 'ana@example.com', reason: 'x', at }, null);
    for (let ticks = 0; ticks < 4; ticks += 1) {
      await kit.clock.advance(60_000);
      await kit.clock.drive(run(kit.ports, 'i-1'));
      assert.match((await incidentOf(kit, 'i-1')).held?.because ?? '', /^halted by ana@example.com/, `${ticks}`);
      assert.equal((await hosts.get(cart.host?.id ?? ''))?.lease, undefined);
    }
    assert.equal(tags()?.includes('firebreak-investigate'), true);
  });

  it('holds up neither the goal nor what people are told if it cannot be closed, and is tried again', async () => {
    const { kit, tags } = await neighbours('isolate', { investigate: true });
    await deliver(kit);
    await kit.clock.advance(HOUR_AND_MORE);
    const away = { kind: 'refuse', status: 503, reason: 'backendError', method: 'Instances.SetTags' } as const;
    kit.world.compute.state.scripts.push({ ...away, actor: CONTAIN, times: 1_000 });
    await setGoal(kit, 'i-1', 'delete-workload');
    await assert.rejects(kit.clock.drive(run(kit.ports, 'i-1')), Transient);
    const deleted = await incidentOf(kit, 'i-1');
    assert.equal(stateOfStep(deleted, 'delete-workload'), 'applied');
    const access = deleted.journal.find((e) => e.step === 'open-investigation-access');
    assert.match(access?.because ?? '', /^undo failed: /);
    assert.equal(tags()?.includes('firebreak-investigate'), true);
    kit.world.compute.state.scripts = [];
    await kit.clock.drive(run(kit.ports, 'i-1'));
    assert.equal(tags()?.includes('firebreak-investigate'), false);
  });

  it('is told as taken back once, and not before it is', async () => {
    const { kit, tags } = await neighbours('isolate', { investigate: true });
    await deliver(kit);
    await kit.clock.advance(HOUR_AND_MORE);
    const refuse = { kind: 'refuse', status: 403, reason: 'forbidden', method: 'Instances.SetTags' } as const;
    kit.world.compute.state.scripts.push({ ...refuse, actor: CONTAIN, times: 1_000 });
    const told = () =>
      kit.published.filter(({ body }) => Object(body).title === 'Taken back: its time limit passed').length;
    const tick = async () => {
      await kit.clock.drive(run(kit.ports, 'i-1'));
      await kit.clock.advance(TICK_MS);
      const { journal } = await incidentOf(kit, 'i-1');
      return journal.find((e) => e.step === 'open-investigation-access') ?? assert.fail();
    };
    for (let ticks = 0; ticks < 3; ticks += 1) assert.match((await tick()).because ?? '', /^undo denied/);
    assert.deepEqual([told(), tags()?.includes('firebreak-investigate')], [0, true]);
    kit.world.compute.state.scripts = [];
    const closed = await tick();
    assert.deepEqual([closed.state, told()], ['undone', 1]);
    assert.match(closed.because ?? '', /^its time limit passed/);
    await tick();
    assert.equal(told(), 1);
  });
});

describe('an access that was half open when its incident was closed, or its policy lowered', () => {
  it('is closed at its end time all the same', async () => {
    for (const ended of ['closed', 'lowered'] as const) {
      const { kit, tags } = await neighbours('isolate', { investigate: true });
      kit.world.compute.state.durations.running = 5_000;
      const sleep = async (ms: number): Promise<void> => {
        const { journal, goal } = await incidentOf(kit, 'i-1');
        const access = journal.find(({ step }) => step === 'open-investigation-access');
        const isOpening = access?.state === 'pending' && access.because === 'the tag is being set';
        if (isOpening && ended === 'lowered') kit.cap.now = { tier: 'quarantine', mode: 'act', because: ['less'] };
        if (isOpening && ended === 'closed' && goal?.tier !== 'closed') await setGoal(kit, 'i-1', 'closed');
        return kit.clock.sleep(ms);
      };
      await kit.clock.drive(run({ ...kit.ports, clock: { ...kit.clock, sleep } }, 'i-1'));
      await deliver(kit, 'i-1');
      await kit.clock.advance(TICK_MS);
      kit.world.settle();
      assert.equal(tags()?.includes('firebreak-investigate'), true, ended);
      await kit.clock.advance(HOUR_AND_MORE);
      const { dueAt } = await incidentOf(kit, 'i-1');
      assert.ok(dueAt !== undefined && dueAt <= timeOf(kit.clock.now()), ended);
      for (let ticks = 0; ticks < 3; ticks += 1) {
        await kit.clock.drive(run(kit.ports, 'i-1'));
        await kit.clock.advance(TICK_MS);
      }
      assert.equal(tags()?.includes('firebreak-investigate'), false, ended);
    }
  });
});

describe('an access whose step failed after it was opened', () => {
  it('is closed at its end time all the same', async () => {
    const { kit, tags } = await neighbours('isolate', { investigate: true });
    const { compute } = kit.ports;
    const setTags: typeof compute.setTags = async (of) => {
      const answer = await compute.setTags(of);
      const denial = { kind: 'refuse', status: 403, reason: 'forbidden', times: 1_000 } as const;
      if (of.items.includes('firebreak-investigate'))
        kit.world.compute.script({ ...denial, method: 'Instances.Get', actor: CONTAIN });
      return answer;
    };
    kit.ports.compute = { ...compute, setTags };
    assert.equal(stateOfStep(await deliver(kit), 'open-investigation-access'), 'failed');
    kit.world.compute.state.scripts.length = 0;
    assert.equal(tags()?.includes('firebreak-investigate'), true);
    await kit.clock.advance(HOUR_AND_MORE);
    const { dueAt } = await incidentOf(kit, 'i-1');
    assert.ok(dueAt !== undefined && dueAt <= timeOf(kit.clock.now()));
    await kit.clock.drive(run(kit.ports, 'i-1'));
    assert.equal(stateOfStep(await incidentOf(kit, 'i-1'), 'open-investigation-access'), 'undone');
    assert.equal(tags()?.includes('firebreak-investigate'), false);
  });
});
