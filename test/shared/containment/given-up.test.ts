import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { QUARANTINE_TAG } from '../../../shared/containment/quarantine-rules.ts';
import { run } from '../../../shared/containment/run.ts';
import type { Incident } from '../../../shared/model/incident.ts';
import {
  CONTAIN,
  containmentKit,
  incidentOf,
  openIncident,
  podNamed,
  setGoal,
  stateOfStep,
  subjectOf,
  vmOf,
} from '../../kit/containment.ts';
import { deliver } from '../../kit/deliveries.ts';

const METHODS = ['Instances.SetTags', 'Instances.AddAccessConfig', 'Instances.SetDiskAutoDelete'] as const;

/** With `freeze`, the node of the pod is isolated and its Deployment stopped; without, only the pod is quarantined. */
const contained = async (freeze: boolean) => {
  const kit = containmentKit();
  // A pod without a controller: nothing removes it as surplus when its labels are restored.
  const pod = podNamed(kit, 'shop', freeze ? 'cart' : 'debug-shell');
  const subject = await subjectOf(kit, pod);
  const [podRef, node, cart] = [
    { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name },
    { apiVersion: 'v1', kind: 'Node', name: String(pod.spec?.nodeName) },
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' },
  ];
  const stateNow = () => ({
    labels: kit.cluster.get(podRef)?.metadata.labels,
    cordoned: kit.cluster.get(node)?.spec?.unschedulable === true,
    replicas: kit.cluster.get(cart)?.spec?.replicas,
    cut: vmOf(kit, subject.host)?.tags.items?.includes(QUARANTINE_TAG),
    addresses: vmOf(kit, subject.host)?.networkInterfaces[0]?.accessConfigs?.length ?? 0,
    disks: vmOf(kit, subject.host)?.disks.map((disk) => disk.autoDelete),
  });
  const before = stateNow();
  const [tier, options] = [freeze ? 'isolate' : 'quarantine', { freeze }] as const;
  await openIncident(kit, 'i-1', [subject], tier, { options });
  await deliver(kit, 'i-1');
  const contain = async (id: string) => {
    await openIncident(kit, id, [subject], tier, { options });
    return deliver(kit, id);
  };
  const release = async (id: string) => {
    await setGoal(kit, id, 'released');
    return deliver(kit, id, 200);
  };
  const expected = freeze ? { ...before, labels: undefined } : before;
  const found = () => (freeze ? { ...stateNow(), labels: undefined } : stateNow());
  return { kit, contain, release, found, expected };
};

describe('a release that gives up what it is denied for 15 minutes', () => {
  it('leaves the next release of the pod and its node what is needed to restore them', async () => {
    for (const freeze of [true, false]) {
      const { kit, contain, release, found, expected } = await contained(freeze);
      const { state } = kit.world.compute;
      const refuse = { kind: 'refuse', status: 403, reason: 'forbidden', actor: CONTAIN, times: 1_000 } as const;
      state.scripts.push(...METHODS.map((method) => ({ ...refuse, method })));
      kit.cluster.faults.add({ verb: 'patch', times: 1_000, fault: '403' });
      const cut = freeze ? ['deny-node-network', 'remove-external-ip', 'freeze-workload'] : [];
      const steps = ['cordon-node', 'quarantine-pod', 'keep-disks', ...cut];
      const statesOf = (incident: Incident) => steps.map((step) => stateOfStep(incident, step));
      assert.deepEqual(
        statesOf(await release('i-1')),
        steps.map(() => 'not-undoable'),
      );
      state.scripts = [];
      kit.cluster.faults.clear();
      assert.deepEqual(
        statesOf(await contain('i-2')),
        steps.map(() => 'applied'),
      );
      await release('i-2');
      assert.deepEqual(found(), expected);
    }
  });
});

describe('a release whose operations fail', () => {
  it('leaves the next release of the node what is needed to restore it', async () => {
    const { kit, contain, release, found, expected } = await contained(true);
    const { state } = kit.world.compute;
    const fail = { kind: 'fail-operation', code: 'INVALID_USAGE', status: 400, actor: CONTAIN, times: 1_000 } as const;
    state.scripts = METHODS.map((method) => ({ ...fail, method }));
    const steps = ['keep-disks', 'deny-node-network', 'remove-external-ip'] as const;
    const statesOf = (incident: Incident) => steps.map((step) => stateOfStep(incident, step));
    assert.deepEqual(
      statesOf(await release('i-1')),
      steps.map(() => 'not-undoable'),
    );
    state.scripts = [];
    assert.deepEqual(
      statesOf(await contain('i-2')),
      steps.map(() => 'applied'),
    );
    await release('i-2');
    assert.deepEqual(found(), expected);
  });
});

describe('a denied release that nobody goes on with for half an hour, as under a halt', () => {
  it('is tried for 15 minutes from then on, and restores everything if rights arrive', async () => {
    const { kit, found, expected } = await contained(true);
    const refuse = { kind: 'refuse', status: 403, reason: 'forbidden', actor: CONTAIN } as const;
    const denied = (times: number) => [{ ...refuse, method: 'Instances.SetDiskAutoDelete', times }];
    kit.world.compute.state.scripts = denied(1_000);
    await setGoal(kit, 'i-1', 'released');
    await kit.clock.drive(run(kit.ports, 'i-1'));
    assert.equal(stateOfStep(await incidentOf(kit, 'i-1'), 'keep-disks'), 'applied');
    kit.world.compute.state.scripts = denied(1);
    await kit.clock.advance(30 * 60_000);
    await deliver(kit);
    assert.deepEqual(found(), expected);
  });
});

describe('a pod that two incidents hold', () => {
  it('has its own labels and replicas after both releases, whichever comes first', async () => {
    for (const freeze of [true, false])
      for (const order of [
        ['i-1', 'i-2'],
        ['i-2', 'i-1'],
      ]) {
        const { contain, release, found, expected } = await contained(freeze);
        await contain('i-2');
        for (const id of order) await release(id);
        assert.deepEqual(found(), expected);
      }
  });
});
