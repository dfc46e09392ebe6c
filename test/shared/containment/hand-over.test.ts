import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { run } from '../../../shared/containment/run.ts';
import type { KubeObject } from '../../../shared/kubernetes/object.ts';
import {
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  setGoal,
  stateOfStep,
  subjectOf,
} from '../../kit/containment.ts';
import { crashing } from '../../kit/crash.ts';
import { deliver, reach, TICK_MS } from '../../kit/deliveries.ts';
import { STRANGER } from '../../kit/step.ts';

const twoOnOnePod = async () => {
  const kit = containmentKit();
  const pod = podNamed(kit, 'shop', 'debug-shell');
  for (const id of ['i-1', 'i-2']) {
    await openIncident(kit, id, [await subjectOf(kit, pod)], 'quarantine');
    await deliver(kit, id);
  }
  return { kit, pod, labels: () => podNamed(kit, 'shop', pod.metadata.name).metadata.labels };
};

const released = async (kit: Kit, id: string) => {
  return reach(kit, id, 'released');
};

/** Delivers both in turns, since the release of one may wait for that of the other. */
const bothReleased = async (kit: Kit): Promise<void> => {
  for (let deliveries = 0; deliveries < 10; deliveries += 1) {
    for (const id of ['i-1', 'i-2']) await kit.clock.drive(run(kit.ports, id));
    const both = await Promise.all(['i-1', 'i-2'].map((id) => incidentOf(kit, id)));
    if (both.every(({ state }) => state === 'released')) return;
    await kit.clock.advance(TICK_MS);
  }
  assert.fail('they were not released');
};

describe('a pod that two open incidents hold', () => {
  for (const [first, second] of [
    ['i-1', 'i-2'],
    ['i-2', 'i-1'],
  ] as const)
    it(`stays in quarantine when ${first} is released, and gets its labels back with ${second}`, async () => {
      const { kit, pod, labels } = await twoOnOnePod();
      assert.equal((await released(kit, first)).state, 'released');
      assert.equal(labels()?.quarantine, 'true');
      const last = await released(kit, second);
      assert.deepEqual([last.state, stateOfStep(last, 'quarantine-pod')], ['released', 'undone']);
      assert.deepEqual(labels(), pod.metadata.labels);
    });

  for (const order of [
    ['i-1', 'i-2'],
    ['i-2', 'i-1'],
  ] as const)
    it(`gets its labels and limits back after ${order.join(' and ')} where somebody took the quarantine label off before the second`, async () => {
      const kit = containmentKit();
      const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'debug-shell' };
      const minute = { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 };
      const edit = (change: (draft: KubeObject) => void) => kit.cluster.edit(ref, change, STRANGER);
      edit((draft) => {
        draft.spec = { ...draft.spec, tolerations: [minute] };
      });
      const pod = podNamed(kit, 'shop', 'debug-shell');
      for (const id of order.toSorted()) {
        await openIncident(kit, id, [await subjectOf(kit, pod)], 'quarantine');
        await deliver(kit, id);
        if (id === 'i-1')
          edit((draft) => {
            const { quarantine: _, ...others } = draft.metadata.labels ?? {};
            draft.metadata.labels = others;
          });
      }
      const now = () => podNamed(kit, 'shop', 'debug-shell');
      assert.deepEqual(now().metadata.labels, { quarantine: 'true' });
      for (const id of order) await released(kit, id);
      assert.deepEqual(now().metadata.labels, pod.metadata.labels);
      assert.deepEqual([now().spec?.tolerations].flat()[0], minute);
    });

  it('says which incident it is kept for', async () => {
    const { kit } = await twoOnOnePod();
    const { journal } = await released(kit, 'i-2');
    const { because } = journal.find((e) => e.step === 'quarantine-pod') ?? assert.fail();
    assert.equal(because, 'kept: incident i-1 holds it too, and takes it back when it is released');
  });

  it('says so as well where the other one has put its mark on it', async () => {
    const { kit } = await twoOnOnePod();
    const { journal } = await released(kit, 'i-1');
    const { because } = journal.find((e) => e.step === 'quarantine-pod') ?? assert.fail();
    assert.equal(because, 'kept: incident i-2 holds it too, and takes it back when it is released');
  });

  it('gets its labels back where both are released at once', async () => {
    const { kit, pod, labels } = await twoOnOnePod();
    const { incidents } = kit.ports.stores;
    let reads = 0;
    const get: typeof incidents.get = async (id) => {
      const found = await incidents.get(id);
      if (id !== 'i-1') return found;
      reads += 1;
      // Between the look at the other incident and the handing over.
      if (reads === 1) {
        await setGoal(kit, 'i-1', 'released');
        await run({ ...kit.ports, owner: 'contain-2' }, 'i-1');
      }
      return found;
    };
    await setGoal(kit, 'i-2', 'released');
    const ports = { ...kit.ports, stores: { ...kit.ports.stores, incidents: { ...incidents, get } } };
    await kit.clock.drive(run(ports, 'i-2'));
    await bothReleased(kit);
    assert.deepEqual(labels(), pod.metadata.labels);
  });

  it('gets its labels back where the run dies between two calls of the handing over, while the other is released', async () => {
    const dies = async (at: number): Promise<readonly string[]> => {
      const { kit, pod, labels } = await twoOnOnePod();
      await setGoal(kit, 'i-2', 'released');
      const { incidents } = kit.ports.stores;
      let isReleased = false;
      const get: typeof incidents.get = async (id) => {
        const found = await incidents.get(id);
        if (id !== 'i-1' || isReleased) return found;
        isReleased = true;
        await setGoal(kit, 'i-1', 'released');
        await run({ ...kit.ports, owner: 'contain-2' }, 'i-1');
        return found;
      };
      const dying = crashing(
        { ...kit.ports, stores: { ...kit.ports.stores, incidents: { ...incidents, get } } },
        { call: at, when: 'after' },
      );
      await kit.clock.drive(run(dying.ports, 'i-2'), dying.crashed);
      await kit.clock.advance(TICK_MS);
      if (!isReleased) await setGoal(kit, 'i-1', 'released');
      await bothReleased(kit);
      assert.deepEqual(labels(), pod.metadata.labels, `${dying.names().at(-1)}, call ${at}`);
      return dying.names();
    };
    const patched = (await dies(0)).findIndex((name) => name.endsWith('.patch')) + 1;
    assert.ok(patched > 0);
    for (let at = patched; at <= patched + 3; at += 1) await dies(at);
  });

  it('gets its labels back where one of them has taken the change over from a closed incident', async () => {
    for (const order of [
      ['i-2', 'i-3'],
      ['i-3', 'i-2'],
    ] as const) {
      const kit = containmentKit();
      const pod = podNamed(kit, 'shop', 'debug-shell');
      const subject = await subjectOf(kit, pod);
      const open = (id: string) => openIncident(kit, id, [subject], 'quarantine');
      await open('i-1');
      await deliver(kit, 'i-1');
      await reach(kit, 'i-1', 'closed');
      const next = await open('i-2');
      await kit.ports.stores.incidents.put('i-2', { ...next, takesOver: 'i-1' }, next.rev);
      await open('i-3');
      for (const id of ['i-2', 'i-3']) await deliver(kit, id);
      for (const id of order) await released(kit, id);
      assert.deepEqual(podNamed(kit, 'shop', pod.metadata.name).metadata.labels, pod.metadata.labels, order.join());
    }
  });

  it('is left to whoever has put another mark on it, also where both are released: neither waits for the other', async () => {
    const { kit, pod } = await twoOnOnePod();
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name };
    kit.cluster.edit(
      ref,
      ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, 'firebreak.dev/quarantine-pod': 'theirs' };
      },
      STRANGER,
    );
    for (const id of ['i-1', 'i-2']) await setGoal(kit, id, 'released');
    await bothReleased(kit);
    for (const id of ['i-1', 'i-2']) {
      const { journal } = await incidentOf(kit, id);
      const { because } = journal.find((e) => e.step === 'quarantine-pod') ?? assert.fail();
      assert.equal(because, 'our mark is not on the pod: it is left as it is', id);
    }
  });

  it('gets its labels back from the only one that has changed it, though the other has quarantined another pod', async () => {
    for (const isBegun of [false, true]) {
      const kit = containmentKit();
      const pod = podNamed(kit, 'shop', 'debug-shell');
      const [subject, other] = [await subjectOf(kit, pod), await subjectOf(kit, podNamed(kit, 'shop', 'cart'))];
      await openIncident(kit, 'i-1', [subject], 'quarantine');
      await openIncident(kit, 'i-2', [other], 'quarantine');
      for (const id of ['i-1', 'i-2']) await deliver(kit, id);
      // A finding has just added the pod to i-2, which has not yet begun to work on it, or was denied that so far.
      const { incidents, subjects } = kit.ports.stores;
      const known = (await subjects.get(subject.uid)) ?? assert.fail();
      await subjects.put(subject.uid, { ...known, incidents: ['i-1', 'i-2'] }, known.rev);
      const second = await incidentOf(kit, 'i-2');
      const quarantine = second.journal.find((e) => e.step === 'quarantine-pod') ?? assert.fail();
      const { before: _, ...unbegun } = { ...quarantine, subject: `shop/${subject.name}`, uid: subject.uid };
      const journal = [...second.journal, ...(isBegun ? [{ ...unbegun, state: 'pending' as const, proof: null }] : [])];
      await incidents.put('i-2', { ...second, journal, subjects: [other, subject] }, second.rev);
      await released(kit, 'i-1');
      assert.deepEqual(podNamed(kit, 'shop', pod.metadata.name).metadata.labels, pod.metadata.labels);
    }
  });
});
