import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import { Transient } from '../../../shared/errors.ts';
import type { ObjectQuery } from '../../../shared/ports.ts';
import {
  CONTAIN,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  subjectOf,
} from '../../kit/containment.ts';

const opened = async (): Promise<Kit> => {
  const kit = containmentKit();
  await openIncident(kit, 'i-1', [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'isolate');
  return kit;
};

/** The kit, whose cluster does not answer the next listings of the pods on a node: those of the drain. */
const undrained = (kit: Kit, times: number): Kit => {
  let left = times;
  const { clusters } = kit.ports;
  const reader: typeof clusters.reader = (ref) => {
    const read = clusters.reader(ref);
    return {
      ...read,
      list: async (query: ObjectQuery) => {
        if (query.fields?.['spec.nodeName'] === undefined || left <= 0) return read.list(query);
        left -= 1;
        throw new Transient('the API server does not answer');
      },
    };
  };
  return { ...kit, ports: { ...kit.ports, clusters: { ...clusters, reader } } };
};

const unled = (kit: Kit, times: number): Kit => {
  kit.world.compute.state.scripts.push({
    ...{ kind: 'refuse', status: 503, reason: 'backendError', times },
    ...{ actor: CONTAIN, method: 'InstanceGroupManagers.Get' },
  });
  return kit;
};

/** Delivers as the bus does: again after 10 seconds where a delivery failed, until the goal is reached, or 20 times. */
const delivered = async (kit: Kit): Promise<void> => {
  for (let deliveries = 0; deliveries < 20; deliveries += 1) {
    await kit.clock.drive(
      run(kit.ports, 'i-1').catch((thrown: unknown) => assert.ok(thrown instanceof Transient, String(thrown))),
    );
    const { goal, run: ran } = await incidentOf(kit, 'i-1');
    if (goal?.rev === ran.rev) return;
    await kit.clock.advance(10_000);
  }
};

/** When contain first made a change of this kind in the world, ms. */
const madeAt = (kit: Kit, verb: string, kind: string): number =>
  kit.world.log.by(CONTAIN).find((t) => t.verb === verb && t.object.startsWith(kind))?.at ??
  assert.fail(`${verb} ${kind} was never made`);

/** What comes before the cut, what keeps it from beginning, and the change that it makes. */
const BEFORE = [
  ['has left its group', unled, 'abandonInstances', 'instanceGroupManagers'],
  ['is drained', undrained, 'delete', 'Pod'],
] as const;

describe('the cut of a node', () => {
  for (const [what, faulty, verb, kind] of BEFORE)
    it(`waits until it ${what}, also where that could not begin for a moment`, async () => {
      const kit = faulty(await opened(), 5);
      await delivered(kit);
      assert.ok(madeAt(kit, verb, kind) < madeAt(kit, 'setTags', 'instances'));
    });

  for (const [what, faulty, verb, kind] of BEFORE)
    it(`waits until it ${what}, also where a budget had held that back`, async () => {
      const kit = await opened();
      const none = { ...kit.ports.budgets, nodes: 0 };
      await kit.clock.drive(run({ ...kit.ports, budgets: none }, 'i-1'));
      const held = (await incidentOf(kit, 'i-1')).journal.filter(({ state }) => state === 'held').map((e) => e.step);
      assert.ok(held.includes('leave-group') && held.includes('drain-node'), `${held}`);
      await setGoal(kit, 'i-1', 'isolate');
      await delivered(faulty(kit, 5));
      assert.ok(madeAt(kit, verb, kind) < madeAt(kit, 'setTags', 'instances'));
    });

  for (const [what, faulty] of [
    ['group does not answer', unled],
    ['drain cannot begin', undrained],
  ] as const)
    it(`comes all the same where the ${what}, and the record says why that waits`, async () => {
      const kit = faulty(await opened(), Number.POSITIVE_INFINITY);
      await delivered(kit);
      assert.ok(madeAt(kit, 'setTags', 'instances') > 0);
      const { journal } = await incidentOf(kit, 'i-1');
      const waits = journal.find(({ step }) => step === (faulty === unled ? 'leave-group' : 'drain-node'));
      assert.deepEqual([waits?.state, waits?.before], ['pending', undefined]);
      assert.match(waits?.because ?? '', /does not answer|backendError|503/);
    });
});
