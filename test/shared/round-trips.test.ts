import { strict as assert } from 'node:assert';
import { makeDecide } from '../../functions/decide/handler.ts';
import { run } from '../../shared/containment/run.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { Tier } from '../../shared/model/ids.ts';
import {
  containmentKit,
  incidentOf,
  type Kit,
  neighboursIn,
  openIncident,
  podNamed,
  subjectOf,
} from '../kit/containment.ts';
import { podNamed as decidedPod, decisionKit, envelopeOf, findingOn, targetOf } from '../kit/decision.ts';
import { countedPorts, slowPorts, type Trips } from '../kit/round-trips.ts';
import { webPods } from '../kit/web-pods.ts';

type Most = Readonly<Record<string, number>>;

const holds = (what: string, { total, calls }: Trips, most: Most): void => {
  const more = Object.entries(total).filter(([kind, count]) => count > (most[kind] ?? 0));
  assert.deepEqual(more, [], `${what} takes more round trips than docs/performance.md says: ${JSON.stringify(calls)}`);
};

/** The numbers in docs/performance.md and a little more. Whoever needs more must change both. */
const CONTAIN: ReadonlyArray<[Tier, Most]> = [
  ['snapshot', { store: 20, cluster: 13, compute: 9, evidence: 20, bus: 2 }],
  ['quarantine', { store: 50, cluster: 42, compute: 11, evidence: 20, bus: 2 }],
  ['isolate', { store: 118, cluster: 54, compute: 33, evidence: 20, bus: 2 }],
];

describe('round trips of an incident', () => {
  it('are few in decide, and almost none for a known finding', async () => {
    const kit = decisionKit();
    const { ports, trips, reset } = countedPorts(kit.ports);
    const decide = makeDecide(ports);
    const target = targetOf(decidedPod(kit, 'shop', 'cart-'));
    const first = findingOn(kit, target);
    const deliver = (id: string, finding: typeof first) => decide(envelopeOf('findings', id, finding, kit.clock.now()));
    await deliver('1', first);
    holds('the first finding', trips, { store: 12, cluster: 6, compute: 1, bus: 2 });
    reset();
    await deliver('2', first);
    holds('the same again', trips, { store: 1, bus: 1 });
    reset();
    await deliver('3', findingOn(kit, target));
    holds('a finding that teaches nothing', trips, { store: 6, cluster: 6, compute: 1, bus: 1 });
    assert.equal((await kit.incidents()).length, 1);
  });

  it('are saved in decide when it is seconds behind: it reads an object once for a whole storm', async () => {
    const kit = decisionKit();
    const { ports, trips, reset } = countedPorts(kit.ports);
    const decide = makeDecide(ports);
    const target = targetOf(decidedPod(kit, 'shop', 'cart-'));
    const late = Array.from({ length: 10 }, () => findingOn(kit, target));
    await kit.clock.advance(3_000);
    const [first, ...others] = late.map((f, n) => envelopeOf('findings', String(n), f, kit.clock.now()));
    if (first === undefined) throw new Error('there are ten');
    await decide(first);
    reset();
    for (const other of others) await decide(other);
    holds('a storm', trips, { store: 6 * others.length, bus: others.length });
    assert.equal((await kit.incidents()).length, 1);
  });

  it('are shared in decide by findings on one target that arrive at the same time', async () => {
    const kit = decisionKit();
    const { ports, trips } = countedPorts(kit.ports);
    const decide = makeDecide(ports);
    const target = targetOf(decidedPod(kit, 'shop', 'cart-'));
    const [one, other] = [findingOn(kit, target), findingOn(kit, target)];
    await Promise.all([one, other].map((f, n) => decide(envelopeOf('findings', String(n), f, kit.clock.now()))));
    holds('two findings of one entry', trips, { store: 28, cluster: 6, compute: 1, bus: 4 });
    const incidents = (await kit.incidents()).map(({ id }) => id);
    const stored = await Promise.all([one, other].map(({ id }) => kit.ports.stores.findings.get(id)));
    assert.deepEqual(
      stored.map((f) => f?.incident),
      [incidents[0], incidents[0]],
    );
    assert.equal(incidents.length, 1);
  });

  it('lets few wait for one another until an incident is handed to contain', async () => {
    const kit = decisionKit();
    const { clock } = kit;
    const published: number[] = [];
    const began = clock.now();
    const ports = slowPorts(kit.ports, clock, 1, (call) => {
      if (call === 'bus.publish') published.push(clock.now() - began);
    });
    const found = findingOn(kit, targetOf(decidedPod(kit, 'shop', 'cart-')));
    await clock.drive(makeDecide(ports)(envelopeOf('findings', '1', found, clock.now())));
    assert.deepEqual(kit.published[0]?.topic, 'containment');
    assert.ok((published[0] ?? 99) <= 10, `one after the other: ${published.join(', ')}`);
  });

  /** How many calls come one after the other before each change of the cluster, for an incident on these pods. */
  const sequenceOf = async (kit: Kit, pods: readonly KubeObject[]): Promise<{ changes: number[]; trips: Trips }> => {
    const { clock } = kit;
    const changes: number[] = [];
    let began = 0;
    const { ports, trips } = countedPorts(kit.ports);
    const slow = slowPorts(ports, clock, 1, (call) => {
      if (call.startsWith('cluster.writer.')) changes.push(clock.now() - began);
    });
    await openIncident(kit, 'i-1', await Promise.all(pods.map((pod) => subjectOf(kit, pod))), 'quarantine');
    began = clock.now();
    await clock.drive(run(slow, 'i-1'));
    return { changes, trips };
  };

  it('are few in sequence until a pod is cut off', async () => {
    const kit = containmentKit();
    const { changes } = await sequenceOf(kit, [podNamed(kit, 'shop', 'cart-')]);
    const [cordoned = 0, denied = 0, quarantined = 0] = changes;
    assert.equal(changes.length, 3);
    assert.ok(cordoned <= 15 && denied <= 16 && quarantined <= 17, `one after the other: ${changes.join(', ')}`);
  });

  it('are few in sequence until all pods of a workload are cut off, and ten pods list their bindings once', async () => {
    const kit = containmentKit();
    const pods = webPods(kit, [podNamed(kit, 'shop', 'cart-').spec?.nodeName], 50);
    const { changes, trips } = await sequenceOf(kit, pods);
    assert.equal(changes.length, 52);
    assert.ok(Math.max(...changes) <= 78, `one after the other: ${changes.join(', ')}`);
    holds('an incident on 50 pods', trips, { store: 220, cluster: 980, compute: 12, evidence: 800, bus: 1 });
  });

  it('are no more in sequence for pods on several nodes, whose disks are kept at the same time', async () => {
    const kit = containmentKit();
    const nodes = kit.cluster.list('v1', 'Node').map(({ metadata }) => metadata.name);
    assert.equal(nodes.length, 4);
    const { changes } = await sequenceOf(kit, webPods(kit, nodes, 4));
    // The nodes are held back: the last one of a zone is never taken out of service.
    assert.equal(changes.length, 5);
    assert.ok(Math.max(...changes) <= 17, `one after the other: ${changes.join(', ')}`);
  });

  for (const [tier, most] of CONTAIN) {
    it(`of contain stay within the limits for ${tier}`, async () => {
      const kit = containmentKit();
      const { ports, trips } = countedPorts(kit.ports);
      await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart-'))], tier);
      await kit.clock.drive(run(ports, 'i-1'));
      const { journal } = await incidentOf(kit, 'i-1');
      assert.ok(journal.length > 2 && journal.every(({ state }) => state === 'applied'));
      holds(tier, trips, most);
    });
  }

  it('of contain are fewer for an incident that joins a node that another one has isolated', async () => {
    const kit = containmentKit();
    const { ports, trips, reset } = countedPorts(kit.ports);
    const { cart, other, host } = await neighboursIn(kit);
    await openIncident(kit, 'i-1', [cart], 'isolate');
    await kit.clock.drive(run(ports, 'i-1'));
    await openIncident(kit, 'i-2', [other], 'isolate');
    reset();
    await kit.clock.drive(run(ports, 'i-2'));
    assert.deepEqual((await kit.ports.stores.hosts.get(host.id))?.holders, ['i-1', 'i-2']);
    const cut = (await incidentOf(kit, 'i-2')).journal.find(({ step }) => step === 'deny-node-network');
    assert.deepEqual([cut?.state, cut?.proof], ['applied', 'proven']);
    // It joins the node's document with one write. The policy of its own namespace is new, and takes two.
    assert.equal(trips.calls['store.hosts.put'], 3);
    holds('joining', trips, { store: 43, cluster: 22, compute: 8, evidence: 12, bus: 2 });
  });
});
