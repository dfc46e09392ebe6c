import { strict as assert } from 'node:assert';
import { planOf } from '../../../shared/decision/plan.ts';
import { ISOLATE_HOST_REACH, PLAYBOOKS, type RowItem } from '../../../shared/decision/playbooks.ts';
import { subjectsOf } from '../../../shared/decision/step-subjects.ts';
import type { Goal } from '../../../shared/model/decision.ts';
import { STEP_IDS, TIERS } from '../../../shared/model/ids.ts';
import { containmentKit, openIncident, podNamed, subjectOf } from '../../kit/containment.ts';

const said = ({ step, part, start, only }: RowItem): string =>
  `${only === undefined ? '' : `[${only}] `}${step}${part === undefined ? '' : `#${part}`}${start === true ? ' start' : ''}`;
const row = (items: readonly RowItem[]): string[] => items.map(said);

const QUARANTINE = [
  'start-snapshots start',
  'keep-disks',
  'capture-evidence#objects',
  'cordon-node',
  'deny-pod-network',
  'quarantine-pod',
  '[freeze] freeze-workload',
  'capture-evidence#logs',
];
const CUT = ['deny-node-network', 'remove-external-ip'];
const LEAVE = ['[forensics] attach-forensics', 'leave-group', 'restore-group-size start'];
const EVIDENCE = ['start-snapshots', 'capture-evidence#objects', 'capture-evidence#logs'];

const goal = (tier: Goal['tier'], given: Partial<Goal> = {}): Goal => ({
  rev: 1,
  tier,
  by: 'policy',
  mode: 'act',
  at: '2026-03-02T03:00:00.000Z',
  requested: false,
  ...given,
});

const incidentOn = async (...starts: string[]) => {
  const kit = containmentKit();
  const subjects = await Promise.all(starts.map((start) => subjectOf(kit, podNamed(kit, 'shop', start))));
  return openIncident(kit, 'i-1', subjects, 'quarantine');
};

const itemOf = (items: readonly RowItem[], step: string): RowItem => {
  const found = items.find((item) => item.step === step);
  assert.ok(found, step);
  return found;
};

describe('decision/playbooks', () => {
  it('has the rows of the design', () => {
    assert.deepEqual(PLAYBOOKS.observe, []);
    assert.deepEqual(row(PLAYBOOKS.snapshot), [...EVIDENCE, '[forensics] attach-forensics']);
    assert.deepEqual(row(PLAYBOOKS.quarantine), QUARANTINE);
    const investigate = '[investigate] open-investigation-access';
    assert.deepEqual(row(PLAYBOOKS.isolate), [...QUARANTINE, ...LEAVE, 'drain-node', ...CUT, investigate]);
    assert.deepEqual(row(ISOLATE_HOST_REACH), [...QUARANTINE, ...LEAVE, ...CUT, 'drain-node', investigate]);
    assert.deepEqual(row(PLAYBOOKS.redeploy), [...EVIDENCE, '[sandbox] sandbox-workload', 'delete-pod']);
    const deletion = ['snapshots-ready', 'delete-workload', 'kill-container'];
    assert.deepEqual(row(PLAYBOOKS['delete-workload']), [...QUARANTINE, ...deletion]);
    assert.deepEqual(row(PLAYBOOKS['delete-host']), [
      'start-snapshots',
      'keep-disks',
      ...EVIDENCE.slice(1),
      'snapshots-ready',
      'delete-host',
      'restore-group-size',
    ]);
  });

  it('keeps the order of the step ids, except for logs, a restored group size, and a cut that cannot wait', () => {
    for (const tier of TIERS) {
      const steps = PLAYBOOKS[tier].filter((item) => item.part !== 'logs' && item.step !== 'restore-group-size');
      const places = steps.map((item) => STEP_IDS.indexOf(item.step));
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
        tier,
      );
    }
  });

  it('has the dependencies of the design', () => {
    const isolate = PLAYBOOKS.isolate;
    assert.deepEqual(itemOf(isolate, 'drain-node').needs, ['cordon-node']);
    assert.deepEqual(itemOf(isolate, 'deny-node-network').waits, { 'leave-group': 60, 'drain-node': 120 });
    assert.deepEqual(itemOf(ISOLATE_HOST_REACH, 'deny-node-network').waits, { 'leave-group': 60 });
    assert.deepEqual(itemOf(ISOLATE_HOST_REACH, 'drain-node').follows, ['deny-node-network', 'remove-external-ip']);
    assert.deepEqual(itemOf(PLAYBOOKS['delete-workload'], 'delete-workload').needs, ['snapshots-ready']);
    assert.deepEqual(itemOf(PLAYBOOKS['delete-host'], 'delete-host').anyOf, ['snapshots-ready', 'keep-disks']);
  });

  it('deletes with stopFirst a workload without the steps before it, and a host without its gates', async () => {
    const incident = await incidentOn('cart');
    const steps = (tier: Goal['tier'] & ('delete-workload' | 'delete-host')) =>
      planOf(incident, tier, goal(tier, { stopFirst: true }), { networkPolicy: true });
    assert.deepEqual(
      steps('delete-workload').map((item) => item.step),
      ['delete-workload', 'kill-container'],
    );
    assert.deepEqual(
      steps('delete-workload').map((item) => item.after),
      [[], []],
    );
    const host = steps('delete-host').find((item) => item.step === 'delete-host');
    assert.equal(host?.anyOf, undefined);
  });

  it('contains with stopFirst as usual, and leaves out only evidence', async () => {
    const incident = await incidentOn('cart');
    const plan = planOf(incident, 'quarantine', goal('quarantine', { stopFirst: true }), { networkPolicy: true });
    assert.deepEqual(
      plan.map((item) => item.step),
      ['keep-disks', 'cordon-node', 'deny-pod-network', 'quarantine-pod'],
    );
  });

  it('makes the deletion of a host wait for one of two proofs, each about that host', async () => {
    const incident = await incidentOn('cart', 'debug-shell');
    const plan = planOf(incident, 'delete-host', goal('delete-host'), { networkPolicy: true });
    const hosts = plan.filter((item) => item.step === 'delete-host');
    assert.equal(hosts.length, 2);
    for (const { uid, anyOf = [] } of hosts) {
      assert.equal(anyOf.length, 2);
      assert.ok(anyOf.every((key) => key.endsWith(uid)));
    }
  });

  it('treats a pod without a controller as its own workload, so that a deletion reaches it', async () => {
    const incident = await incidentOn('debug-shell', 'cart');
    const workloads = subjectsOf(incident, 'workload').map((s) => s.subject);
    assert.deepEqual(workloads, ['Pod shop/debug-shell', 'Deployment shop/cart']);
  });
});
