import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import { DEFAULT_POLICY } from '../../../shared/decision/policy.ts';
import { approve } from '../../../shared/decision/requests/answer.ts';
import { tick } from '../../../shared/decision/tick.ts';
import { Malformed } from '../../../shared/errors.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import { timeOf } from '../../../shared/model/time.ts';
import {
  changesOf,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  setGoal,
  subjectOf,
} from '../../kit/containment.ts';

const podsNamed = (kit: Kit, namespace: string, start: string) =>
  kit.cluster
    .list('v1', 'Pod')
    .filter((pod) => pod.metadata.namespace === namespace && pod.metadata.name.startsWith(start));

const POLICY = { ...DEFAULT_POLICY, mode: 'act' as const };

const zoneOf = (pod?: KubeObject): string => String(pod?.spec?.nodeName).slice(0, -1);

/** A kit with the default budgets, and incidents on two pods in different zones. */
const kitted = async (severity: 'high' | 'critical' = 'high'): Promise<Kit> => {
  const kit = containmentKit();
  Object.assign(kit.ports, { budgets: DEFAULT_POLICY.budgets });
  const pods = podsNamed(kit, 'shop', 'cart');
  const [first] = pods;
  const other = pods.find((pod) => zoneOf(pod) !== zoneOf(first));
  if (first === undefined || other === undefined) throw new Error('the shop has too few pods');
  for (const [id, pod] of [
    ['i-1', first],
    ['i-2', other],
  ] as const) {
    const incident = await openIncident(kit, id, [await subjectOf(kit, pod)], 'quarantine');
    await kit.ports.stores.incidents.put(
      id,
      {
        ...incident,
        severity,
        decision: { verdict: 'act', tier: 'quarantine', because: [], policyHash: 'h', at: timeOf(kit.clock.now()) },
      },
      incident.rev,
    );
  }
  return kit;
};
const runs = (kit: Kit, id: string) => kit.clock.drive(run(kit.ports, id));
const operate = (kit: Kit) => ({ ...kit.ports, policy: POLICY, policyHash: 'h' });
const held = async (kit: Kit, id: string): Promise<string[]> =>
  (await incidentOf(kit, id)).journal.filter((e) => e.state === 'held').map((e) => e.step);

describe('containment/reserve', () => {
  it('holds the node steps of an incident that exceeds the budget, and carries out its pod steps', async () => {
    const kit = await kitted();
    await runs(kit, 'i-1');
    await runs(kit, 'i-2');
    assert.deepEqual(await held(kit, 'i-1'), []);
    assert.deepEqual(await held(kit, 'i-2'), ['keep-disks', 'cordon-node']);
    const incident = await incidentOf(kit, 'i-2');
    assert.match(
      incident.held?.because ?? '',
      /budget of this cluster is 1 node within 60 minutes .* would make it 2$/,
    );
    assert.equal(incident.held?.budget, true);
    assert.equal(incident.run.rev, 1);
    assert.equal(incident.outbox.at(-1)?.kind, 'held');
    const applied = incident.journal.filter((e) => e.state === 'applied').map((e) => e.step);
    assert.ok(applied.includes('quarantine-pod') && applied.includes('capture-evidence'));
  });

  it('asks one question for the held steps, whose approval lifts the budget', async () => {
    const kit = await kitted();
    await runs(kit, 'i-1');
    await runs(kit, 'i-2');
    for (let n = 0; n < 2; n += 1) {
      await kit.clock.advance(60_000);
      await kit.clock.drive(tick(operate(kit)));
    }
    const asking = await incidentOf(kit, 'i-2');
    const asked = asking.decision?.asked;
    assert.deepEqual([asked?.tier, asked?.lifts], ['quarantine', true]);
    assert.equal(asking.outbox.filter((n) => n.kind === 'ask').length, 1);
    const at = timeOf(kit.clock.now());
    const request = {
      action: 'approve',
      incident: 'i-2',
      plan: asked?.plan ?? '',
      reason: 'seen',
      requestedBy: 'ana@example.com',
    } as const;
    const { state, outcome } = await approve(operate(kit), {
      id: 'r-1',
      at,
      seenAt: at,
      request,
      operator: { email: undefined, by: 'ana@example.com' },
    });
    assert.equal(state, 'accepted', outcome);
    await runs(kit, 'i-2');
    const done = await incidentOf(kit, 'i-2');
    assert.deepEqual(
      done.journal.filter((e) => e.state !== 'applied').map((e) => e.step),
      [],
    );
    assert.equal(done.held, undefined);
    assert.equal(done.lifted?.by, 'ana@example.com');
  });

  it('does not ask again after a person rejected the ask, and reserves again under a new goal', async () => {
    const kit = await kitted();
    await runs(kit, 'i-1');
    await runs(kit, 'i-2');
    await kit.clock.drive(tick(operate(kit)));
    const asked = await incidentOf(kit, 'i-2');
    const { plan = '', tier = 'quarantine' } = asked.decision?.asked ?? {};
    const { asked: _, ...decision } = asked.decision ?? {
      verdict: 'act' as const,
      tier,
      because: [],
      policyHash: 'h',
      at: asked.openedAt,
    };
    const answer = {
      plan,
      tier,
      outcome: 'rejected' as const,
      by: 'ana@example.com',
      at: timeOf(kit.clock.now()),
      lifts: true as const,
    };
    await kit.ports.stores.incidents.put('i-2', { ...asked, decision, answered: [answer] }, asked.rev);
    await kit.clock.advance(60_000);
    await kit.clock.drive(tick(operate(kit)));
    assert.equal((await incidentOf(kit, 'i-2')).decision?.asked, undefined);
    await kit.clock.advance(60 * 60_000);
    await setGoal(kit, 'i-2', 'quarantine');
    await runs(kit, 'i-2');
    assert.deepEqual(await held(kit, 'i-2'), []);
  });

  it('charges nothing for a node that an incident has already taken, be it another one or itself', async () => {
    const kit = await kitted();
    const [pod] = podsNamed(kit, 'shop', 'cart');
    if (pod === undefined) throw new Error('no pod');
    await openIncident(kit, 'i-3', [await subjectOf(kit, pod)], 'quarantine');
    await runs(kit, 'i-1');
    await runs(kit, 'i-3');
    assert.deepEqual(await held(kit, 'i-3'), []);
    await setGoal(kit, 'i-1', 'isolate');
    await runs(kit, 'i-1');
    assert.deepEqual(await held(kit, 'i-1'), []);
  });

  it('holds the steps if the budget cannot be read', async () => {
    const kit = await kitted();
    const { budgets } = kit.ports.stores;
    const unread = () => Promise.reject(new Malformed('the document is of another shape'));
    Object.assign(kit.ports, { stores: { ...kit.ports.stores, budgets: { ...budgets, get: unread } } });
    await runs(kit, 'i-1');
    assert.deepEqual(await held(kit, 'i-1'), ['keep-disks', 'cordon-node', 'quarantine-pod']);
    assert.match((await incidentOf(kit, 'i-1')).held?.because ?? '', /cannot be read.*another shape/);
    assert.deepEqual(
      changesOf(kit).filter((change) => /Node|instances|Pod /.test(change)),
      [],
    );
  });

  it('keeps to the budget when two runs reserve at once', async () => {
    const kit = await kitted();
    await kit.clock.drive(Promise.all([run(kit.ports, 'i-1'), run(kit.ports, 'i-2')]));
    const both = [...(await held(kit, 'i-1')), ...(await held(kit, 'i-2'))];
    assert.deepEqual(both, ['keep-disks', 'cordon-node']);
  });

  it('does not charge the budget for a dry run', async () => {
    const kit = await kitted();
    kit.cap.now = { tier: 'delete-host', mode: 'dry-run', because: [] };
    await runs(kit, 'i-1');
    assert.deepEqual((await kit.ports.stores.budgets.list({})).items, []);
    assert.deepEqual(await held(kit, 'i-1'), []);
  });
});
