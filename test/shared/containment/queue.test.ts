import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type RunPorts, run } from '../../../shared/containment/run.ts';
import { Transient } from '../../../shared/errors.ts';
import { containmentKit, endOf, incidentOf, type Kit, openIncident, subjectOf } from '../../kit/containment.ts';
import { webPods } from '../../kit/web-pods.ts';

type Seen = { kind: string; sent: number; answered: number };

/** The ports of a cluster that takes so long for each change, and may refuse those of a kind. */
const slow = (kit: Kit, latency: () => number, seen: Seen[], refused?: string): RunPorts => {
  const { clusters, clock } = kit.ports;
  const timed = async <T>(kind: string, send: () => Promise<T>): Promise<T> => {
    const one = { kind, sent: clock.monotonic(), answered: Number.POSITIVE_INFINITY };
    seen.push(one);
    await clock.sleep(latency());
    try {
      if (kind === refused) throw new Transient(`no ${kind} can be changed now`);
      return await send();
    } finally {
      one.answered = clock.monotonic();
    }
  };
  return {
    ...kit.ports,
    clusters: {
      ...clusters,
      reader: (of) => {
        const reader = clusters.reader(of);
        return { ...reader, get: (ref) => clock.sleep(latency()).then(() => reader.get(ref)) };
      },
      writer: (of) => {
        const writer = clusters.writer(of);
        return {
          ...writer,
          create: (object) => timed(object.kind, () => writer.create(object)),
          patch: (ref, ...given) => timed(ref.kind, () => writer.patch(ref, ...given)),
        };
      },
    },
  };
};

/** An incident on so many pods, by turns on two nodes in different zones: the last one of a zone is never taken. */
const ofMany = async (count: number): Promise<Kit> => {
  const kit = containmentKit();
  const nodes = kit.cluster.list('v1', 'Node').map(({ metadata }) => metadata.name);
  const pods = webPods(kit, [nodes[0], nodes[2]], count);
  await openIncident(kit, 'i-1', await Promise.all(pods.map((pod) => subjectOf(kit, pod))), 'quarantine');
  return kit;
};

const ORDER = ['Node', 'NetworkPolicy', 'Pod'];

describe('the queue of steps that go ahead', () => {
  it('sends what belongs to one step once all of the step before has answered, however long each takes', async () => {
    const latencies = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 5, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(latencies, async (given) => {
        let n = 0;
        const kit = await ofMany(4);
        const seen: Seen[] = [];
        await kit.clock.drive(
          run(
            slow(kit, () => given[n++ % given.length] ?? 0, seen),
            'i-1',
          ),
        );
        assert.deepEqual(
          ORDER.map((kind) => seen.filter((one) => one.kind === kind).length),
          [2, 1, 4],
        );
        for (const [at, kind] of ORDER.slice(1).entries()) {
          const before = seen.filter((one) => one.kind === ORDER[at]).map(({ answered }) => answered);
          const own = seen.filter((one) => one.kind === kind).map(({ sent }) => sent);
          assert.ok(Math.max(...before) <= Math.min(...own), `${ORDER[at]} before ${kind}`);
        }
        const { journal, plan, state } = await incidentOf(kit, 'i-1');
        assert.equal(state, 'contained');
        assert.deepEqual(
          journal.map(({ step, subject }) => [step, subject]),
          plan.map(({ step, subject }) => [step, subject]),
          'the journal keeps the order of the plan',
        );
      }),
      { numRuns: 25 },
    );
  });

  it('does not wait for a step that has failed', async () => {
    const kit = await ofMany(2);
    const seen: Seen[] = [];
    await assert.rejects(
      kit.clock.drive(
        run(
          slow(kit, () => 10, seen, 'Node'),
          'i-1',
        ),
      ),
      /no Node can be changed now/,
    );
    const ends = endOf(await incidentOf(kit, 'i-1'));
    assert.equal(ends.filter((end) => /^quarantine-pod .*applied/.test(end)).length, 2, ends.join('\n'));
    assert.equal(ends.filter((end) => /^cordon-node .*applying/.test(end)).length, 2, ends.join('\n'));
  });

  it('lets the pods of a workload be changed at the same time, ten at most', async () => {
    const kit = await ofMany(23);
    const seen: Seen[] = [];
    await kit.clock.drive(
      run(
        slow(kit, () => 100, seen),
        'i-1',
      ),
    );
    const pods = seen.filter(({ kind }) => kind === 'Pod');
    const beside = pods.map(
      (one) => pods.filter((other) => other.sent <= one.sent && other.answered > one.sent).length,
    );
    assert.deepEqual([pods.length, Math.max(...beside)], [23, 10]);
    assert.equal((await incidentOf(kit, 'i-1')).state, 'contained');
  });
});
