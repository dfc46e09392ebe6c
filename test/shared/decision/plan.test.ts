import { strict as assert } from 'node:assert';
import { planOf } from '../../../shared/decision/plan.ts';
import { podUids, subjectsOf } from '../../../shared/decision/step-subjects.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import { keyOf, type PlanItem } from '../../../shared/model/entry.ts';
import { TIERS, type Tier } from '../../../shared/model/ids.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import type { Subject } from '../../../shared/model/subject.ts';
import { containmentKit, openIncident, subjectOf } from '../../kit/containment.ts';

const SITUATION = { networkPolicy: true };

const goal = (tier: Tier, rev: number): Goal => ({
  rev,
  tier,
  by: 'policy',
  mode: 'act',
  at: '2026-03-02T03:00:00.000Z',
  requested: false,
});

/** An incident on one pod of a workload, and the same incident once a pod on another node has joined. */
const twoNodes = async (): Promise<{ one: Incident; both: Incident }> => {
  const kit = containmentKit();
  const carts = kit.cluster.list('v1', 'Pod').filter((pod) => pod.metadata.name.startsWith('cart-'));
  const subjects = await Promise.all(carts.map((pod) => subjectOf(kit, pod)));
  const [first = assert.fail()] = subjects;
  const second = subjects.find((s) => s.host?.id !== first.host?.id) ?? assert.fail('all on one node');
  const one = await openIncident(kit, 'i-1', [first], 'quarantine');
  return { one, both: { ...one, subjects: [first, second] } };
};

describe('decision/plan', () => {
  it('takes for a namespace and for a workload only the pods in it', async () => {
    const { one, both } = await twoNodes();
    const [first, second] = both.subjects.flatMap((s) => (s.kind === 'pod' ? [s] : []));
    if (first === undefined || second === undefined) assert.fail('no two pods');
    const subjects = [first, { ...second, namespace: 'pay', namespaceUid: 'n-pay', owners: [] }];
    assert.deepEqual(
      subjectsOf({ ...one, subjects }, 'namespace').map((s) => [s.subject, podUids(s)]),
      subjects.map(({ namespace, uid }) => [namespace, [uid]]),
    );
    assert.deepEqual(
      subjectsOf({ ...one, subjects }, 'workload').map(podUids),
      subjects.map(({ uid }) => [uid]),
    );
  });

  it('makes a planned deletion wait for the disks of a pod that joined since, whatever the new goal', async () => {
    const { one, both } = await twoNodes();
    const plan = planOf(one, 'delete-workload', goal('delete-workload', 1), SITUATION);
    for (const tier of TIERS) {
      const next = planOf({ ...both, plan }, tier, goal(tier, 2), SITUATION);
      const deletion = next.find(({ step }) => step === 'delete-workload') ?? assert.fail(tier);
      const gates = next.flatMap((item) => (item.step === 'snapshots-ready' ? [keyOf(item)] : []));
      assert.equal(new Set(gates).size, 2, tier);
      assert.deepEqual(deletion.after.toSorted(), [...new Set(gates)].toSorted(), tier);
    }
  });

  it('makes the deletion of a controller wait for the disks of a pod whose controllers could not be read', async () => {
    const { both } = await twoNodes();
    const [first, second] = both.subjects;
    assert.ok(first?.kind === 'pod' && second?.kind === 'pod');
    const unread = { ...both, subjects: [first, { ...second, owners: [] }] };
    // The deletion is asked for one pod only; its controller may be the other's too.
    const covers = [{ uid: first.uid, tier: 'delete-workload' as const }];
    for (const tier of ['delete-workload', 'snapshot'] as const) {
      const asked = { ...goal(tier, 1), ...(tier === 'snapshot' ? { covers } : {}) };
      const plan = planOf(unread, 'delete-workload', asked, SITUATION, tier);
      const deletion = plan.find(({ step, subject }) => step === 'delete-workload' && !subject.startsWith('Pod '));
      const gates = plan.flatMap((item) => (item.step === 'snapshots-ready' ? [keyOf(item)] : []));
      assert.equal(gates.length, 2, tier);
      assert.deepEqual(deletion?.after.toSorted(), gates.toSorted(), tier);
    }
  });

  it('adds with the unfinished steps of a former goal no step that neither goal has by itself', async () => {
    const { both } = await twoNodes();
    for (const higher of TIERS) {
      const before = planOf(both, higher, goal(higher, 1), SITUATION);
      for (const lower of TIERS) {
        const alone = planOf(both, lower, goal(lower, 2), SITUATION);
        const known = new Set([...before, ...alone].map(keyOf));
        const next = planOf({ ...both, plan: before }, lower, goal(lower, 2), SITUATION);
        const fresh = next.filter((item) => !known.has(keyOf(item)) && item.step !== 'snapshots-ready');
        assert.deepEqual(fresh, [], `${higher} then ${lower}`);
        assert.equal(new Set(next.map(keyOf)).size, next.length, `${higher} then ${lower}`);
        for (const item of next)
          for (const key of item.after)
            assert.ok(
              next.some((other) => keyOf(other) === key),
              `${key} is in the plan`,
            );
      }
    }
  });
});

describe('the order of a plan with unfinished steps of a former goal', () => {
  it('is that of the steps: a node is cut off after its cordon and its drain, whatever the higher goal', async () => {
    const { one } = await twoNodes();
    const plan = planOf(one, 'isolate', goal('isolate', 1), SITUATION);
    for (const higher of ['redeploy', 'delete-workload', 'delete-host'] as const) {
      const next = planOf({ ...one, plan }, higher, goal(higher, 2), SITUATION).map(keyOf);
      const before = plan.map(keyOf).filter((key) => next.includes(key));
      const kept = next.filter((key) => before.includes(key) && !key.startsWith('restore-group-size'));
      assert.deepEqual(
        kept,
        before.filter((key) => !key.startsWith('restore-group-size')),
        higher,
      );
      const last = next.findIndex((key) => /^(delete|kill)-/.test(key));
      assert.ok(next.findIndex((key) => key.startsWith('deny-node-network')) < last, `${higher}: ${next}`);
    }
  });
});

describe('the order of a plan of two tiers with unfinished steps of a former goal', () => {
  it('has the cut of a node after its cordon, which the higher tier has after all steps of the lower one', async () => {
    const { both } = await twoNodes();
    const [first = assert.fail()] = both.subjects;
    const plan = planOf(both, 'isolate', goal('isolate', 1), SITUATION);
    const covers = [{ uid: first.uid, tier: 'delete-workload' as const }];
    const mixed: Goal = { ...goal('delete-workload', 2), requested: true, covers, otherwise: { tier: 'isolate' } };
    const next = planOf({ ...both, plan }, 'delete-workload', mixed, SITUATION, 'isolate');
    const orders = Object.groupBy(next, ({ uid }) => uid);
    const cut = (first.kind === 'pod' ? first.host?.id : undefined) ?? assert.fail();
    const steps = orders[cut]?.map(({ step }) => step) ?? [];
    for (const later of ['leave-group', 'drain-node', 'deny-node-network'] as const)
      assert.ok(steps.indexOf('cordon-node') < steps.indexOf(later), `${steps}`);
    assert.ok(next.at(-1)?.step === 'kill-container');
  });
});

describe('what the items of a plan wait for', () => {
  it('is their own node, gate and deletion, each in the form that the goal asks for', async () => {
    const { both } = await twoNodes();
    const hosts = both.subjects.flatMap((s) => (s.kind === 'pod' && s.host !== undefined ? [s.host.id] : []));
    const plan = planOf(both, 'delete-host', goal('delete-host', 1), SITUATION);
    const cut = planOf(both, 'isolate', goal('isolate', 1), SITUATION);
    const begun = (of: PlanItem[], uid: string) =>
      of.find((item) => item.step === 'start-snapshots' && item.uid === uid)?.start;
    const on = (step: string, uid: string) => plan.find((item) => item.step === step && item.uid === uid);
    const keyOn = (step: string, uid: string): string => keyOf(on(step, uid) ?? assert.fail(`${step} ${uid}`));
    assert.equal(new Set(hosts).size, 2);
    for (const uid of hosts) {
      const { after, anyOf, follows, start } = on('delete-host', uid) ?? assert.fail();
      const gates = [keyOn('keep-disks', uid), keyOn('snapshots-ready', uid)];
      assert.deepEqual([after, anyOf?.toSorted(), follows], [[], gates, [keyOn('keep-disks', uid)]]);
      assert.deepEqual([start, begun(plan, uid), begun(cut, uid)], [undefined, undefined, true]);
      assert.equal('anyOf' in (on('keep-disks', uid) ?? assert.fail()), false);
      assert.equal('follows' in (on('keep-disks', uid) ?? assert.fail()), false);
    }
    const stopFirst = planOf(both, 'delete-host', { ...goal('delete-host', 1), stopFirst: true }, SITUATION);
    for (const item of stopFirst.filter(({ step }) => step === 'delete-host')) assert.equal('anyOf' in item, false);
    const workload = planOf(both, 'delete-workload', goal('delete-workload', 1), SITUATION);
    const deletion = workload.find(({ step }) => step === 'delete-workload') ?? assert.fail();
    const kills = workload.filter(({ step }) => step === 'kill-container');
    assert.deepEqual(
      kills.map(({ follows }) => follows),
      [[keyOf(deletion)], [keyOf(deletion)]],
    );
  });

  it('drains a node that a pod of the incident is on; one without such a pod only where the request says so', async () => {
    const { one } = await twoNodes();
    const [pod = assert.fail()] = one.subjects;
    const host = (pod.kind === 'pod' ? pod.host : undefined) ?? assert.fail();
    const bare: Incident = { ...one, subjects: [{ kind: 'node', uid: host.id, host, addedAt: pod.addedAt }] };
    const drains = (incident: Incident, drain?: boolean): boolean =>
      planOf(
        incident,
        'isolate',
        { ...goal('isolate', 1), ...(drain === undefined ? {} : { options: { drain } }) },
        SITUATION,
      ).some(({ step }) => step === 'drain-node');
    assert.equal(drains(one), true);
    assert.deepEqual([drains(bare), drains(bare, false), drains(bare, true)], [false, false, true]);
  });

  it('keeps evidence of a node itself where no pod of the incident is on it, at the place of that of pods', async () => {
    const { one } = await twoNodes();
    const [pod = assert.fail()] = one.subjects;
    const host = (pod.kind === 'pod' ? pod.host : undefined) ?? assert.fail();
    const node = { kind: 'node' as const, uid: host.id, host, addedAt: pod.addedAt };
    const kept = (subjects: Subject[], tier: Tier, stopFirst = false, plan: PlanItem[] = []): string[] =>
      planOf({ ...one, subjects, plan }, tier, { ...goal(tier, 1), ...(stopFirst ? { stopFirst } : {}) }, SITUATION)
        .filter(({ step }) => step === 'capture-evidence')
        .map(({ subject }) => subject);
    const own = `${host.node}#objects`;
    const aside: Subject = pod.kind === 'pod' ? { ...pod, cpuOnly: true } : assert.fail();
    const ofPod = one.subjects.flatMap((s) =>
      s.kind === 'pod' ? [`${s.namespace}/${s.name}#objects`, `${s.namespace}/${s.name}#logs`] : [],
    );
    for (const tier of TIERS) {
      assert.deepEqual(kept([node], tier), tier === 'observe' ? [] : [own], tier);
      assert.deepEqual(kept([node], tier, true), [], tier);
      assert.deepEqual(kept([node, pod], tier), tier === 'observe' ? [] : ofPod, tier);
    }
    const plan = planOf({ ...one, subjects: [node] }, 'isolate', goal('isolate', 1), SITUATION);
    const steps = plan.map(({ step }) => step);
    assert.deepEqual(steps.slice(0, 4), ['start-snapshots', 'keep-disks', 'capture-evidence', 'cordon-node']);
    assert.equal(plan.find(({ step }) => step === 'capture-evidence')?.uid, host.id);
    // A pod that joins comes beside what is begun. A pod that only CPU use speaks against has no part of its own.
    assert.deepEqual(kept([node, pod], 'isolate', false, plan).toSorted(), [own, ...ofPod].toSorted());
    assert.deepEqual(kept([node, aside], 'isolate'), [own]);
    const granted = { ...goal('isolate', 1), covers: [{ uid: aside.uid, tier: 'isolate' as const }] };
    const after = planOf({ ...one, subjects: [node, aside], goal: granted }, 'isolate', granted, SITUATION);
    assert.ok(
      after.some(({ step, uid }) => step === 'quarantine-pod' && uid === aside.uid),
      'one that is granted has',
    );
    const capped = planOf(
      { ...one, subjects: [node, pod], plan },
      'snapshot',
      goal('isolate', 2),
      SITUATION,
      'snapshot',
      true,
    );
    assert.ok(capped.some(({ subject }) => subject === own));
  });

  it('keeps of an earlier plan, where the policy allows less now, only what is still on a subject within it', async () => {
    const { both } = await twoNodes();
    const [first = assert.fail(), second = assert.fail()] = both.subjects;
    const plan = planOf(both, 'quarantine', goal('quarantine', 1), SITUATION);
    const left = planOf(
      { ...both, plan, subjects: [first] },
      'quarantine',
      goal('quarantine', 2),
      SITUATION,
      'quarantine',
      true,
    );
    assert.equal(
      left.some(({ uid }) => uid === second.uid),
      false,
      'its pod is no longer held',
    );
    const lower = planOf({ ...both, plan }, 'snapshot', goal('quarantine', 2), SITUATION, 'snapshot', true);
    assert.deepEqual([...new Set(lower.map(({ step }) => step))].toSorted(), ['capture-evidence', 'start-snapshots']);
    const whole = planOf({ ...both, plan }, 'snapshot', goal('snapshot', 2), SITUATION);
    assert.ok(
      whole.some(({ step }) => step === 'quarantine-pod'),
      'a falling score shortens no plan',
    );
    const [item = assert.fail()] = plan.filter(({ step, uid }) => step === 'quarantine-pod' && uid === first.uid);
    const forensics: PlanItem = { ...item, step: 'attach-forensics' };
    const again = (of: PlanItem): boolean =>
      planOf({ ...both, plan: [of] }, 'isolate', goal('isolate', 2), SITUATION, 'isolate', true).some(
        (one) => keyOf(one) === keyOf(of),
      );
    assert.equal(again(forensics), true, 'asked for before, and allowed');
    assert.equal(again({ ...forensics, subject: 'shop/another' }), false, 'another name');
    assert.equal(again({ ...forensics, uid: 'another' }), false, 'another pod of the same name');
  });
});
