import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { type Guard, guardCluster, guardCompute, makeGuard } from '../../../shared/containment/guard.ts';
import { CALL_MS, LEASE_MS } from '../../../shared/containment/ledger.ts';
import { Stopped, type StopReason } from '../../../shared/containment/stopped.ts';
import { coverOf } from '../../../shared/decision/step-subjects.ts';
import { Transient } from '../../../shared/errors.ts';
import type { Host } from '../../../shared/model/host.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import { timeOf } from '../../../shared/model/time.ts';
import type { Clock } from '../../../shared/ports.ts';
import { containmentKit, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';
import type { VirtualClock } from '../../kit/virtual-clock.ts';

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
  return {
    ports,
    clock,
    guard,
    pass: () => clock.drive(guard()),
    asked: () => asked,
    begin: () => guard.begin(),
    renew,
  };
};

/** The failures that nobody handles when a check is started ahead and nothing is sent after it. */
const unhandled = async (guard: Guard, clock: VirtualClock): Promise<unknown[]> => {
  const missed: unknown[] = [];
  const miss = (thrown: unknown): number => missed.push(thrown);
  process.on('unhandledRejection', miss);
  guard.begin();
  await clock.advance(1_000);
  await new Promise(setImmediate);
  process.off('unhandledRejection', miss);
  return missed;
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

  it('does not report a failed check that was started ahead if nothing is sent after it', async () => {
    const { guard, clock } = await guarded(10, 0, true);
    assert.deepEqual(await unhandled(guard, clock), []);
  });

  it('begins to store what was noted ahead of the send, and does not report that it could not if nothing is sent', async () => {
    const { ports, clock } = await guarded(10);
    let asked = 0;
    const written = async (): Promise<void> => {
      asked += 1;
      throw new Transient('it could not be written');
    };
    assert.deepEqual(await unhandled(makeGuard(ports, { ...HOLD, written }), clock), []);
    assert.equal(asked, 1);
  });

  it('still measures how old its read is when the clock is set back', async () => {
    const { pass } = await guarded(2_500, -30_000);
    await assert.rejects(pass(), Transient);
  });

  it('repeats a check that was started ahead long ago, because the lease may have been renewed since', async () => {
    const { pass, asked, begin, renew, clock } = await guarded(10);
    begin();
    await clock.advance(LEASE_MS - 5_000);
    await renew();
    await pass();
    assert.equal(asked(), 2);
  });
});

const HOST = 'vm-1';

/** A leased incident with a leased host, and the guard of its run; `set` changes either as another process would. */
const standing = async () => {
  const kit = containmentKit();
  const { stores } = kit.ports;
  const lease = (ms = LEASE_MS, token = HOLD.token) => ({
    owner: 'contain-1',
    token,
    until: timeOf(kit.clock.now() + ms),
  });
  const opened = await openIncident(kit, ID, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
  let incident = await stores.incidents.put(ID, { ...opened, lease: lease() }, opened.rev);
  const blank: Host = { v: 1, rev: 0, writer: '', id: HOST, instance: HOST, node: 'n', holders: [ID], journal: [] };
  let host = await stores.hosts.put(HOST, { ...blank, lease: lease() }, null);
  const allowed = { now: true };
  const guard = makeGuard(kit.ports, {
    ...HOLD,
    covers: coverOf(incident),
    host: HOST,
    allows: () => allowed.now,
  });
  return {
    kit,
    guard,
    lease,
    allowed,
    other: await subjectOf(kit, podNamed(kit, 'shop', 'debug-shell')),
    incident: () => incident,
    set: async (change: Partial<Incident>) => {
      incident = await stores.incidents.put(ID, { ...incident, ...change }, incident.rev);
    },
    setHost: async (change: Partial<Host>) => {
      host = await stores.hosts.put(HOST, { ...host, ...change }, host.rev);
    },
    halt: async (halted: boolean, atMs: number) =>
      stores.halts.put(
        'halt',
        { v: 1, rev: 0, writer: '', halted, at: timeOf(atMs), by: 'ana@example.com', reason: 'drill' },
        null,
      ),
    pass: async (): Promise<StopReason | 'sent'> => {
      try {
        await kit.clock.drive(guard());
        return 'sent';
      } catch (thrown) {
        if (thrown instanceof Stopped) return thrown.reason;
        throw thrown;
      }
    },
  };
};
type Standing = Awaited<ReturnType<typeof standing>>;

const goalOf = (s: Standing) => {
  const { goal } = s.incident();
  if (goal === null) throw new Error('the incident has no goal');
  return goal;
};

/** What another process may have done between the run's beginning and a send, and what the send ends with. */
const MEANWHILE: Record<string, [what: (s: Standing) => unknown, ends: StopReason | 'sent']> = {
  nothing: [() => undefined, 'sent'],
  'another run has taken the incident': [(s) => s.set({ lease: s.lease(LEASE_MS, 't-2') }), 'lease'],
  'the lease of the incident was given up': [(s) => s.set({ lease: undefined }), 'lease'],
  'another run has taken the host': [(s) => s.setHost({ lease: s.lease(LEASE_MS, 't-2') }), 'lease'],
  'the lease of the host was given up': [(s) => s.setHost({ lease: undefined }), 'lease'],
  'the lease of the incident lasts longer than a call may take': [
    (s) => s.set({ lease: s.lease(CALL_MS + 1) }),
    'sent',
  ],
  'the lease of the incident ends as the longest call does': [(s) => s.set({ lease: s.lease(CALL_MS) }), 'lease'],
  'the lease of the host ends as the longest call does': [(s) => s.setHost({ lease: s.lease(CALL_MS) }), 'lease'],
  'there is a newer goal': [(s) => s.set({ goal: { ...goalOf(s), rev: 2 } }), 'goal'],
  'there is no goal any more': [(s) => s.set({ goal: null }), 'goal'],
  'another pod has joined': [(s) => s.set({ subjects: [...s.incident().subjects, s.other] }), 'goal'],
  'the policy allows less': [(s) => Object.assign(s.allowed, { now: false }), 'goal'],
  'a halt was given': [(s) => s.halt(true, s.kit.clock.now()), 'halt'],
  'a halt is over': [(s) => s.halt(false, s.kit.clock.now()), 'sent'],
  'a halt was given before the goal': [(s) => s.halt(true, Date.parse(goalOf(s).at) - 1), 'halt'],
};

describe('what stops a send', () => {
  for (const [what, [happen, ends]] of Object.entries(MEANWHILE))
    it(`${ends === 'sent' ? 'no stop' : `the ${ends}`}: ${what}`, async () => {
      const s = await standing();
      assert.equal(await s.pass(), 'sent');
      await happen(s);
      assert.equal(await s.pass(), ends);
    });

  it('a halt stops a release, unless the release was requested after the halt', async () => {
    for (const [ms, ends] of [
      [-1, 'sent'],
      [0, 'halt'],
      [1, 'halt'],
    ] as const) {
      const s = await standing();
      const goal = { ...goalOf(s), tier: 'released' as const };
      await s.set({ goal });
      await s.halt(true, Date.parse(goal.at) + ms);
      assert.equal(await s.pass(), ends, `halted ${ms} ms after the release was asked for`);
    }
  });

  it('a halt that came after the check started ahead was used: the next send checks again', async () => {
    const s = await standing();
    s.guard.begin();
    assert.equal(await s.pass(), 'sent');
    await s.halt(true, s.kit.clock.now());
    assert.equal(await s.pass(), 'halt');
  });

  it('noted changes of the run that cannot be stored', async () => {
    const { kit } = await standing();
    const written = () => Promise.reject(new Transient('it could not be written'));
    await assert.rejects(kit.clock.drive(makeGuard(kit.ports, { ...HOLD, written })()), /it could not be written/);
  });
});

describe('the writers behind the guard', () => {
  it('send nothing where the guard stops them, and what was asked for where it does not', async () => {
    const reached: string[] = [];
    const noting =
      (name: string) =>
      async (...given: unknown[]): Promise<never> => {
        reached.push(`${name} ${JSON.stringify(given)}`);
        throw new Transient(name);
      };
    const kit = containmentKit();
    const behind = (guard: Guard) => {
      const cluster = guardCluster(
        { create: noting('create'), patch: noting('patch'), delete: noting('delete'), evict: noting('evict') },
        guard,
      );
      const own = { ...kit.ports.compute, deleteInstance: noting('deleteInstance'), setTags: noting('setTags') };
      const compute = guardCompute(own, guard);
      const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart-1' };
      const vm = { project: 'p1', zone: 'z', id: '1' };
      return [
        () => cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'cart-1' } }),
        () => cluster.patch(ref, { type: 'merge', body: {} }, 'status'),
        () => cluster.delete(ref, { uid: 'u-1' }),
        () => cluster.evict({ namespace: 'shop', name: 'cart-1', uid: 'u-1' }),
        () => compute.deleteInstance({ vm, requestId: 'r' }),
        () => compute.setTags({ vm, items: ['t'], fingerprint: 'f', requestId: 'r' }),
      ];
    };
    const stopping = async (): Promise<void> => {
      throw new Stopped('halt', 'halted by ana');
    };
    const begin = (): void => undefined;
    for (const send of behind(Object.assign(stopping, { begin }))) await assert.rejects(send(), Stopped);
    assert.deepEqual(reached, []);
    for (const send of behind(Object.assign(async () => undefined, { begin }))) await assert.rejects(send(), Transient);
    const pod = '{"apiVersion":"v1","kind":"Pod","namespace":"shop","name":"cart-1"}';
    const vm = '"vm":{"project":"p1","zone":"z","id":"1"}';
    assert.deepEqual(reached, [
      'create [{"apiVersion":"v1","kind":"Pod","metadata":{"name":"cart-1"}}]',
      `patch [${pod},{"type":"merge","body":{}},"status"]`,
      `delete [${pod},{"uid":"u-1"}]`,
      'evict [{"namespace":"shop","name":"cart-1","uid":"u-1"}]',
      `deleteInstance [{${vm},"requestId":"r"}]`,
      `setTags [{${vm},"items":["t"],"fingerprint":"f","requestId":"r"}]`,
    ]);
  });
});
