import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { SHOP } from '../../../local/world/seed.ts';
import { Transient } from '../../../shared/errors.ts';
import { timeOf } from '../../../shared/model/time.ts';
import type { ClusterReader } from '../../../shared/ports.ts';
import { decisionKit, type Kit } from '../../kit/decision.ts';

const MINUTE = 60_000;
const ANA = { reason: 'seen in triage', requestedBy: 'ana@example.com' };
const WORKLOAD = { ...SHOP, namespace: 'shop', workload: { kind: 'Deployment', name: 'cart' } };

/** Makes the API server answer nothing until the returned function is called. */
const unreadable = (kit: Kit): (() => void) => {
  const { clusters } = kit.ports;
  const down = async (): Promise<never> => {
    throw new Transient('the API server does not answer');
  };
  const reader: ClusterReader = { ...clusters.reader(SHOP), get: down, list: down };
  Object.assign(kit.ports, { clusters: { ...clusters, reader: () => reader } });
  return () => void Object.assign(kit.ports, { clusters });
};

describe('the tick, while it awaits pods of a named workload and the API server cannot be read', () => {
  const awaiting = async () => {
    const kit = decisionKit();
    await kit.ask({ action: 'contain', tier: 'isolate', target: WORKLOAD, ...ANA });
    const { id } = await kit.incident();
    return { kit, id };
  };
  const passing = async (kit: Kit, minutes: number): Promise<void> => {
    for (let n = 0; n < minutes; n += 1) {
      await kit.clock.advance(MINUTE);
      await kit.tick();
    }
  };

  it('asks for steps held by a budget, and stops awaiting pods at the usual time', async () => {
    const { kit, id } = await awaiting();
    await kit.carryOut(id);
    const known = await kit.incident();
    const held = { because: 'the budget is full', at: timeOf(kit.clock.now()), budget: true as const };
    await kit.ports.stores.incidents.put(id, { ...known, held, dueAt: held.at }, known.rev);
    unreadable(kit);
    await passing(kit, 1);
    const first = await kit.incident();
    assert.deepEqual([first.decision?.asked?.lifts, first.podsUntil !== undefined], [true, true]);
    await passing(kit, 1);
    assert.equal((await kit.incident()).podsUntil, undefined);
    await passing(kit, 60);
    assert.deepEqual((await kit.incident()).answered?.[0]?.outcome, 'lapsed');
  });

  it('wakes a waiting incident, and lets the pods join once they can be read', async () => {
    const { kit, id } = await awaiting();
    const known = await kit.incident();
    const at = timeOf(kit.clock.now());
    const wakeAt = timeOf(kit.clock.now() + MINUTE);
    const entry = { step: 'drain-node', subject: 'n', uid: 'u', state: 'pending', startedAt: at, proof: null } as const;
    const asleep = { ...known, run: { rev: 0, walked: 1 }, journal: [{ ...entry, rev: 1, wakeAt }], dueAt: at };
    await kit.ports.stores.incidents.put(id, asleep, known.rev);
    const readable = unreadable(kit);
    kit.published.length = 0;
    await passing(kit, 1);
    assert.equal(kit.published.filter(({ topic }) => topic === 'containment').length, 1);
    readable();
    const scale = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
    kit.cluster.edit(scale, (draft) => Object.assign(draft.spec ?? {}, { replicas: 4 }));
    await kit.tick();
    assert.equal((await kit.incident()).subjects.filter(({ kind }) => kind === 'pod').length, 4);
  });
});

describe('the tick, while it awaits pods of a DaemonSet and another incident has a node replaced', () => {
  it('does not take the pod on the replacement for a new one', async () => {
    const kit = decisionKit();
    const workload = { kind: 'DaemonSet', name: 'node-agent' };
    await kit.ask({ action: 'contain', tier: 'delete-host', target: { ...SHOP, namespace: 'shop', workload }, ...ANA });
    const { id, subjects } = await kit.incident();
    const hosts = subjects.flatMap((s) => (s.kind === 'pod' && s.host !== undefined ? [s.host] : []));
    const [taken] = hosts;
    assert.ok(taken);
    const at = timeOf(kit.clock.now());
    const left = { step: 'leave-group', subject: taken.node, uid: taken.id, state: 'applied', startedAt: at } as const;
    const host = {
      v: 1 as const,
      rev: 0,
      writer: '',
      id: taken.id,
      instance: taken.id,
      node: taken.node,
      holders: ['i-2'],
    };
    const journal = [{ ...left, proof: 'proven' as const, rev: 1, requestId: 'r', before: {} }];
    await kit.ports.stores.hosts.put(taken.id, { ...host, journal }, null);
    const [group] = [...kit.world.compute.state.groups.keys()];
    assert.ok(group);
    kit.world.compute.stranger.resize(group, 3);
    await kit.clock.advance(30_000);
    kit.world.settle();
    await kit.clock.advance(MINUTE);
    await kit.tick();
    assert.equal(
      kit.cluster.list('v1', 'Pod', 'shop').filter(({ metadata }) => metadata.name.startsWith('node-agent')).length,
      5,
    );
    assert.equal((await kit.ports.stores.incidents.get(id))?.subjects.filter(({ kind }) => kind === 'pod').length, 4);
  });
});

describe('the tick, while the notice of a halt cannot be published', () => {
  it('handles every incident, and publishes the notice of the halt a minute later', async () => {
    const kit = decisionKit();
    await kit.ask({ action: 'contain', tier: 'isolate', target: WORKLOAD, ...ANA });
    const { id } = await kit.incident();
    await kit.carryOut(id);
    await kit.ask({ action: 'halt', ...ANA });
    const reminders = () => kit.published.filter(({ body }) => Object(body).kind === 'reminder').length;
    await kit.clock.advance(60 * MINUTE);
    const { publish } = kit.ports.bus;
    kit.ports.bus.publish = async (topic, body) => {
      if (Object(body).incident === 'halt') throw new Transient('the bus does not answer');
      return publish(topic, body);
    };
    await kit.tick();
    assert.equal((await kit.incident()).podsUntil, undefined, 'the incident was looked after');
    assert.equal(reminders(), 0);
    kit.ports.bus.publish = publish;
    await kit.clock.advance(MINUTE);
    await kit.tick();
    assert.equal(reminders(), 1);
    await kit.clock.advance(MINUTE);
    await kit.tick();
    assert.equal(reminders(), 1, 'once an hour');
  });
});
