import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { QUARANTINE_TAG } from '../../../shared/containment/quarantine-rules.ts';
import { type RunPorts, run } from '../../../shared/containment/run.ts';
import { Conflict } from '../../../shared/errors.ts';
import { timeOf } from '../../../shared/model/time.ts';
import { beforePatch } from '../../kit/before-patch.ts';
import {
  changesOf,
  containmentKit,
  incidentOf,
  openIncident,
  podNamed,
  stateOfStep,
  subjectOf,
  vmOf,
} from '../../kit/containment.ts';
import { deliver, reach } from '../../kit/deliveries.ts';

const isolating = async () => {
  const kit = containmentKit();
  const pod = podNamed(kit, 'shop', 'debug-shell');
  const subject = await subjectOf(kit, pod);
  await openIncident(kit, 'i-1', [subject], 'isolate');
  const hostId = subject.host?.id ?? assert.fail();
  return {
    ...{ kit, pod, subject, hostId },
    hostNow: async () => (await kit.ports.stores.hosts.get(hostId)) ?? assert.fail(),
    labels: () => podNamed(kit, 'shop', pod.metadata.name).metadata.labels,
    isCut: () => vmOf(kit, subject.host)?.tags.items?.includes(QUARANTINE_TAG),
  };
};

describe('containment/settle', () => {
  it("has the before-image of a pod's step stored before its change is sent", async () => {
    const { kit, pod } = await isolating();
    const stored: unknown[] = [];
    const ports = beforePatch(kit.ports, 'Pod', async () => {
      const { journal } = await incidentOf(kit, 'i-1');
      const { state, before } = journal.find((e) => e.step === 'quarantine-pod') ?? assert.fail();
      stored.push([state, before?.labels]);
    });
    await kit.clock.drive(run(ports, 'i-1'));
    assert.deepEqual(stored, [['applying', pod.metadata.labels]]);
  });

  it("has the before-image of a node's step and the incident's copy of its entry stored before its change is sent", async () => {
    const { kit, hostId, hostNow } = await isolating();
    const stored: unknown[] = [];
    const setTags: RunPorts['compute']['setTags'] = async (of) => {
      const cutIn = (journal: Awaited<ReturnType<typeof hostNow>>['journal']) =>
        journal.find((e) => e.step === 'deny-node-network') ?? assert.fail();
      const [shared, copy] = [cutIn((await hostNow()).journal), cutIn((await incidentOf(kit, 'i-1')).journal)];
      stored.push([shared.before !== undefined, copy.host, copy.before]);
      return kit.ports.compute.setTags(of);
    };
    await kit.clock.drive(run({ ...kit.ports, compute: { ...kit.ports.compute, setTags } }, 'i-1'));
    assert.deepEqual(stored[0], [true, hostId, undefined]);
  });

  it('stores what is there by then where others change the object before the change comes through', async () => {
    const { kit, pod, labels } = await isolating();
    let tries = 0;
    const ports = beforePatch(kit.ports, 'Pod', async () => {
      tries += 1;
      if (tries > 1) return;
      const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name };
      kit.cluster.edit(ref, ({ metadata }) => Object.assign(metadata.labels ?? {}, { team: 'x' }), 'stranger');
      throw new Conflict('the pod was changed');
    });
    await kit.clock.drive(run(ports, 'i-1'));
    const { state, before } = (await incidentOf(kit, 'i-1')).journal.find((e) => e.step === 'quarantine-pod') ?? {};
    assert.deepEqual([tries, state, before?.labels], [2, 'applied', { ...pod.metadata.labels, team: 'x' }]);
    assert.equal(labels()?.quarantine, 'true');
  });

  it('sends nothing to a node once another run has its lease', async () => {
    const { kit, hostId } = await isolating();
    const { hosts } = kit.ports.stores;
    let sent: string[] | undefined;
    const put: typeof hosts.put = async (id, doc, rev) => {
      const stored = await hosts.put(id, doc, rev);
      const isBegun = doc.journal.some((e) => e.step === 'cordon-node' && e.state === 'applying');
      if (id !== hostId || !isBegun || sent !== undefined) return stored;
      const lease = { owner: 'i-9', token: 'another', until: timeOf(kit.clock.now() + 60_000) };
      await hosts.put(id, { ...stored, lease }, stored.rev);
      sent = changesOf(kit);
      return stored;
    };
    const ports: RunPorts = { ...kit.ports, stores: { ...kit.ports.stores, hosts: { ...hosts, put } } };
    await kit.clock.drive(run(ports, 'i-1'));
    const others = changesOf(kit).slice(sent?.length ?? assert.fail());
    assert.deepEqual(
      others.filter((change) => !/^(create NetworkPolicy|patch Pod) /.test(change)),
      [],
    );
    assert.equal(stateOfStep(await deliver(kit, 'i-1'), 'cordon-node'), 'applied');
  });

  it('leaves a shared change as it is where the policy has become a dry run, for a later goal or a release', async () => {
    const { kit, isCut } = await isolating();
    const slow = { kind: 'slow', ms: 30_000, method: 'Instances.SetTags' } as const;
    kit.world.compute.state.scripts.push(slow);
    const sleep = async (ms: number): Promise<void> => {
      const { journal } = await incidentOf(kit, 'i-1');
      if (journal.some((e) => e.step === 'deny-node-network' && e.state === 'pending'))
        kit.cap.now = { ...kit.cap.now, mode: 'dry-run', because: ['a dry run'] };
      return kit.clock.sleep(ms);
    };
    await kit.clock.drive(run({ ...kit.ports, clock: { ...kit.clock, sleep } }, 'i-1'));
    assert.equal(stateOfStep(await deliver(kit, 'i-1'), 'deny-node-network'), 'held');
    kit.cap.now = { ...kit.cap.now, mode: 'act', because: [] };
    assert.equal(stateOfStep(await reach(kit, 'i-1', 'released'), 'deny-node-network'), 'undone');
    kit.world.settle();
    assert.equal(isCut(), false);
  });
});
