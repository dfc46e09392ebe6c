import { strict as assert } from 'node:assert';
import { deletePod } from '../../../../shared/containment/steps/delete-pod.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  CONTAIN,
  containmentKit,
  hostOf,
  type Kit,
  openIncident,
  podNamed,
  subjectOf,
} from '../../../kit/containment.ts';
import { carry, STEP_INCIDENT } from '../../../kit/step.ts';

stepContract({
  step: deletePod,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: { because: 'a deleted pod does not come back under its UID' },
});

const POD = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop' };

const onPod = async (start: string, namespace = 'shop') => {
  const kit = containmentKit();
  const pod = podNamed(kit, namespace, start);
  await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, pod)], 'redeploy');
  return { kit, pod };
};

const only = async (kit: Kit) => {
  const [carried] = await carry(kit, deletePod);
  assert.ok(carried);
  return carried.entry;
};

describe('containment/steps/delete-pod', () => {
  it('deletes the pod with 10 s of grace, and the controller replaces it', async () => {
    const { kit, pod } = await onPod('cart');
    const entry = await only(kit);
    assert.equal(entry.proof, 'proven');
    const names = kit.cluster.list('v1', 'Pod', 'shop').filter((p) => p.metadata.labels?.app === 'cart');
    assert.equal(names.length, 3);
    assert.equal(
      names.some((p) => p.metadata.uid === pod.metadata.uid),
      false,
    );
    const grace = kit.world.log.by(CONTAIN).map((t) => t.change['metadata.deletionGracePeriodSeconds']?.to);
    assert.deepEqual(grace, [10]);
  });

  it('shortens a grace period that somebody made long', async () => {
    const { kit, pod } = await onPod('cart');
    kit.cluster.edit({ ...POD, name: pod.metadata.name }, (draft) => {
      draft.metadata.finalizers = ['example.com/hold'];
      draft.metadata.deletionTimestamp = '2026-03-02T09:00:00Z';
      draft.metadata.deletionGracePeriodSeconds = 21_600;
    });
    await only(kit);
    assert.ok(kit.world.log.by(CONTAIN).some((t) => t.change['metadata.deletionGracePeriodSeconds']?.to === 10));
  });

  it('fails and names the finalizers that hold the pod', async () => {
    const { kit, pod } = await onPod('cart');
    kit.cluster.edit({ ...POD, name: pod.metadata.name }, (draft) => {
      draft.metadata.finalizers = ['example.com/hold'];
    });
    const entry = await only(kit);
    assert.equal(entry.state, 'failed');
    assert.match(entry.because ?? '', /still there after 60 s: the pod waits for the finalizers example.com\/hold/);
  });

  it('refuses a static pod, because its kubelet would make it again', async () => {
    const { kit } = await onPod('kube-proxy', 'kube-system');
    const entry = await only(kit);
    assert.equal(entry.state, 'refused');
    assert.match(entry.because ?? '', /static pod.*delete-host/);
  });

  it('says that the process may still run on a cut node', async () => {
    const { kit, pod } = await onPod('cart');
    kit.cluster.cutNode(String(pod.spec?.nodeName));
    const entry = await only(kit);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'not proven']);
    assert.match(entry.because ?? '', /does not answer.*the process may still run: ask for delete-host/);
  });

  it('says that the process may still run where only the Node object is gone, and not where the VM is', async () => {
    for (const isVmGone of [false, true]) {
      const { kit, pod } = await onPod('cart');
      const ref = { ...POD, name: pod.metadata.name };
      const hold = (finalizers: string[]) =>
        kit.cluster.edit(ref, (draft) => {
          draft.metadata.finalizers = finalizers;
        });
      hold(['example.com/hold']);
      const node = String(pod.spec?.nodeName);
      const { zone, instance } = await hostOf(kit, node);
      const [waiting] = await carry(kit, deletePod, undefined, 1);
      assert.equal(waiting?.entry.state, 'pending');
      hold([]);
      if (isVmGone) kit.world.compute.stranger.deleteInstance(`projects/p1/zones/${zone}/instances/${instance}`);
      else kit.cluster.drop({ apiVersion: 'v1', kind: 'Node', name: node });
      kit.world.settle();
      const { state, proof, because } = await only(kit);
      assert.deepEqual([state, proof], ['applied', isVmGone ? 'proven' : 'not proven'], because);
      if (!isVmGone) assert.match(because ?? '', /is gone, or another machine.*; the process may still run: ask for/);
    }
  });

  it('says that no controller makes a bare pod again', async () => {
    const { kit } = await onPod('debug-shell');
    assert.match((await only(kit)).because ?? '', /no controller will recreate it/);
  });
});
