import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { timeOf } from '../../../shared/model/time.ts';
import { decisionKit, findingOn, type Kit, podNamed, targetOf } from '../../kit/decision.ts';
import { cart, contain, containments, incidentWith } from '../../kit/requests.ts';

const MINUTE = 60_000;

describe('operate, contain', () => {
  it('takes a name to mean the object that bore it when the request was made', async () => {
    const named = (kit: Kit) => podNamed(kit, 'shop', 'debug-shell');
    for (const isAfter of [true, false]) {
      const kit = decisionKit();
      const { metadata, spec } = named(kit);
      const at = timeOf(kit.clock.now());
      const { name, namespace, uid } = metadata;
      await kit.clock.advance(MINUTE);
      kit.cluster.drop({ apiVersion: 'v1', kind: 'Pod', namespace: namespace ?? '', name });
      kit.cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: namespace ?? '' }, spec });
      await kit.clock.advance(MINUTE);
      assert.notEqual(named(kit).metadata.uid, uid);
      const { state, outcome } = await kit.ask(
        contain(kit, { target: targetOf(named(kit)), ...(isAfter ? {} : { at }) }),
      );
      assert.equal(state, isAfter ? 'accepted' : 'refused', outcome);
      if (!isAfter) assert.deepEqual((await kit.ports.stores.incidents.list({})).items, []);
    }
  });

  it('opens an incident without any finding', async () => {
    const kit = decisionKit();
    const record = await kit.ask(contain(kit, { stopFirst: true, forensics: true }));
    assert.deepEqual([record.state, record.outcome], ['accepted', 'isolate starts']);
    const incident = await incidentWith(kit, record.incident);
    assert.deepEqual(
      [incident.severity, incident.confidence, incident.decision?.verdict, incident.decision?.tier],
      [null, null, 'act', 'isolate'],
    );
    const { goal } = incident;
    assert.deepEqual(
      [goal?.rev, goal?.tier, goal?.by, goal?.requested, goal?.stopFirst, goal?.options],
      [1, 'isolate', 'ana@example.com (claimed)', true, true, { forensics: true }],
    );
    assert.deepEqual(incident.decision?.because, ['requested by ana@example.com (claimed): seen in triage']);
    assert.equal(containments(kit), 1);
    assert.deepEqual((await kit.ports.stores.subjects.get(cart(kit).metadata.uid))?.incidents, [incident.id]);
  });

  it("joins and raises the incident of the pod's workload, and no finding lowers it again", async () => {
    const kit = decisionKit();
    const pod = cart(kit);
    await kit.decide(findingOn(kit, targetOf(pod)));
    const record = await kit.ask(contain(kit));
    const raised = await kit.incident();
    assert.equal(record.incident, raised.id);
    assert.deepEqual([raised.goal?.rev, raised.goal?.tier, raised.goal?.requested], [2, 'isolate', true]);
    await kit.decide(
      findingOn(kit, targetOf(pod), { rule: 'spec-privileged', family: 'spec', severity: 'medium', confidence: 0.5 }),
    );
    const after = await kit.incident();
    assert.deepEqual([after.goal?.tier, after.goal?.requested, after.decision?.tier], ['isolate', true, 'isolate']);
    assert.equal(after.decision?.asked, undefined);
  });

  it('says which options the tier has no step for', async () => {
    const kit = decisionKit();
    const all = { investigate: true, forensics: true, sandbox: true, drain: true };
    const { outcome } = await kit.ask(contain(kit, { tier: 'snapshot', ...all }));
    assert.equal(
      outcome,
      'snapshot starts; investigate adds nothing to snapshot, only to isolate; sandbox adds nothing to snapshot, only to redeploy; drain adds nothing to snapshot, only to isolate',
    );
    assert.match((await kit.ask(contain(kit, { ...all, sandbox: false }))).outcome ?? '', /^isolate starts$/);
  });

  it('says where stopFirst leaves nothing to be done, or nothing out', async () => {
    for (const [tier, expected] of [
      ['observe', /^observe starts; stopFirst adds nothing to observe, only to snapshot and quarantine and /],
      ['snapshot', /^snapshot starts; no snapshot is taken and no evidence kept: stopFirst leaves out all of it$/],
      ['quarantine', /^quarantine starts$/],
    ] as const) {
      const kit = decisionKit();
      assert.match((await kit.ask(contain(kit, { tier, stopFirst: true }))).outcome ?? '', expected);
    }
  });

  it('says that a tier which deletes pods deletes nothing where only a node is meant', async () => {
    for (const [tier, expected] of [
      ['redeploy', /^redeploy starts; nothing is deleted, since redeploy deletes pods and only a node is meant: /],
      ['delete-workload', /^delete-workload starts; nothing is deleted, since delete-workload deletes pods /],
      ['isolate', /^isolate starts$/],
    ] as const) {
      const kit = decisionKit();
      const { project, location, cluster } = targetOf(cart(kit));
      const target = { project, location, cluster, node: String(cart(kit).spec?.nodeName) };
      const record = await kit.ask(contain(kit, { tier, target }));
      assert.match(record.outcome ?? '', expected);
      const deletes = (await kit.incident()).plan.some(
        ({ step }) => step === 'delete-pod' || step === 'delete-workload',
      );
      assert.equal(deletes, false);
    }
    const kit = decisionKit();
    const { outcome } = await kit.ask(contain(kit, { tier: 'delete-workload' }));
    assert.doesNotMatch(outcome ?? '', /nothing is deleted/);
  });

  it('does not lower a running goal', async () => {
    const kit = decisionKit();
    await kit.ask(contain(kit));
    const record = await kit.ask(contain(kit, { tier: 'snapshot' }));
    assert.equal(record.state, 'accepted');
    assert.match(record.outcome ?? '', /isolate instead of snapshot: the goal is already isolate/);
    assert.equal((await kit.incident()).goal?.tier, 'isolate');
  });

  it('is capped by protection, and says so', async () => {
    const kit = decisionKit();
    const pod = kit.cluster.list('v1', 'Pod', 'kube-system')[0];
    assert.ok(pod !== undefined);
    const record = await kit.ask(contain(kit, { target: targetOf(pod) }));
    assert.match(record.outcome ?? '', /snapshot instead of isolate: namespace kube-system is protected/);
    assert.equal((await kit.incident()).goal?.tier, 'snapshot');
  });

  it('is a dry run if the policy is one', async () => {
    const kit = decisionKit('mode: dry-run');
    const record = await kit.ask(contain(kit));
    assert.match(record.outcome ?? '', /dry run/);
    assert.deepEqual(
      [(await kit.incident()).goal?.mode, (await kit.incident()).decision?.verdict],
      ['dry-run', 'dry-run'],
    );
  });
});
