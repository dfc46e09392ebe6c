import { strict as assert } from 'node:assert';
import { killerName } from '../../../../shared/containment/killer.ts';
import type { StepSettings } from '../../../../shared/containment/settings.ts';
import { killContainer } from '../../../../shared/containment/steps/kill-container.ts';
import { Denied, Transient } from '../../../../shared/errors.ts';
import type { PodSubject } from '../../../../shared/model/subject.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  changesOf,
  containmentKit,
  goneButRunning,
  type Kit,
  openIncident,
  playKiller,
  podNamed,
  subjectOf,
} from '../../../kit/containment.ts';
import { carry, STEP_INCIDENT } from '../../../kit/step.ts';

stepContract({
  step: killContainer,
  arrange: async (kit) => [await goneButRunning(kit)],
  stranger: { because: 'a killed process does not come back, and its pod cannot under its UID' },
});

const refusedOn = async (
  change: (subject: PodSubject, kit: Kit) => PodSubject,
  settings: Partial<StepSettings> = {},
) => {
  const kit = containmentKit();
  const ports = { ...kit.ports, settings: { ...kit.ports.settings, ...settings } };
  const changed = { ...kit, ports };
  await openIncident(changed, STEP_INCIDENT, [change(await goneButRunning(kit), kit)], 'delete-workload');
  const [carried] = await carry(changed, killContainer);
  assert.equal(carried?.entry.state, 'refused', carried?.entry.because);
  assert.equal(changesOf(kit).length, 0);
  return carried?.entry.because ?? '';
};

describe('containment/steps/kill-container', () => {
  it('ends a container that outlived its pod, from a pod of ours on the node that is removed afterwards', async () => {
    const kit = containmentKit();
    const subject = await goneButRunning(kit);
    const node = subject.host?.node ?? '';
    assert.ok(kit.cluster.running(node).includes(subject.uid));
    await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
    const [carried] = await carry(kit, killContainer);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven']);
    assert.match(carried?.entry.because ?? '', /removed 1 of its/);
    assert.equal(kit.cluster.running(node).includes(subject.uid), false);
    assert.deepEqual(kit.cluster.list('v1', 'Pod', 'firebreak'), []);
  });

  it('makes a pod without a service account token, pinned to the node past every taint, that ends by itself', async () => {
    const kit = containmentKit();
    const subject = await goneButRunning(kit);
    await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
    let spec: Record<string, unknown> | undefined;
    kit.cluster.reality.programs.unshift({
      image: /killer@/,
      run: (pod) => {
        spec = pod.spec;
        return { phase: 'Succeeded', log: 'killed=0\n' };
      },
    });
    await carry(kit, killContainer);
    assert.ok(spec?.nodeName !== undefined);
    assert.equal(spec.nodeName, subject.host?.node);
    assert.equal(spec.automountServiceAccountToken, false);
    assert.equal(spec.activeDeadlineSeconds, 60);
    assert.equal(spec.restartPolicy, 'Never');
    const [container] = [spec.containers].flat();
    assert.deepEqual(Object(container).command.slice(0, 4), ['chroot', '/host', '/bin/sh', '-euc']);
    assert.deepEqual(Object(container).securityContext.privileged, true);
    assert.deepEqual(Object(container).env, [{ name: 'POD_UID', value: subject.uid }]);
    const [mount] = [Object(container).volumeMounts].flat();
    const [volume] = [spec.volumes].flat();
    assert.equal(mount.mountPath, '/host');
    assert.deepEqual([Object(volume).name, Object(volume).hostPath.path], [mount.name, '/']);
    assert.match(JSON.stringify(spec.tolerations), /"operator":"Exists"/);
    assert.match(JSON.stringify(spec.containers), /killer@sha256:b{64}/);
  });

  it('refuses if a pod of ours could not run on the node or would not reach the container, and asks for delete-host', async () => {
    const asks = /the process may still run: ask for delete-host/;
    assert.match(await refusedOn((s) => ({ ...s, windows: true })), asks);
    assert.match(
      await refusedOn((s, kit) => {
        Object.assign(kit.cluster.described, { autopilot: { enabled: true } });
        return s;
      }),
      /Autopilot.*ask for delete-host/,
    );
    assert.match(
      await refusedOn((s, kit) => {
        kit.cluster.cutNode(s.host?.node ?? '');
        return s;
      }),
      /does not answer.*ask for delete-host/,
    );
    assert.match(
      await refusedOn((s, kit) => {
        const { host } = s;
        const url = `projects/${host?.project}/zones/${host?.zone}/instances/${host?.instance}`;
        kit.world.compute.stranger.setTags(url, ['firebreak-quarantine']);
        return s;
      }),
      /the network of node .* is cut; the process may still run: ask for delete-host/,
    );
    assert.match(
      await refusedOn((s, kit) => {
        kit.cluster.edit({ apiVersion: 'v1', kind: 'Node', name: s.host?.node ?? '' }, (draft) => {
          draft.status = { ...draft.status, nodeInfo: { containerRuntimeVersion: 'rkt://1.0' } };
        });
        return s;
      }),
      /runtime of the node is not one of containerd, cri-o, docker.*ask for delete-host/,
    );
  });

  it('does not ask for delete-host where the VM is out of reach, since that would be refused as well', async () => {
    const because = await refusedOn((s, kit) => {
      Object.assign(kit.cluster.described, { autopilot: { enabled: true } });
      const { id, node, nodeUid } = s.host ?? assert.fail();
      return { ...s, host: { id, node, nodeUid } };
    });
    assert.match(because, /^Autopilot .*the process may still run, and the VM of its node is out of reach/);
    assert.doesNotMatch(because, /ask for delete-host/);
  });

  it('refuses without an image, and names the variable to set', async () => {
    const kit = containmentKit();
    const { killerImage: _, ...settings } = kit.ports.settings;
    const bare = { ...kit, ports: { ...kit.ports, settings } };
    await openIncident(bare, STEP_INCIDENT, [await goneButRunning(kit)], 'delete-workload');
    const [carried] = await carry(bare, killContainer);
    assert.equal(carried?.entry.state, 'refused');
    assert.match(carried?.entry.because ?? '', /FIREBREAK_KILLER_IMAGE, by digest/);
  });

  it('uses docker if the node runs it', async () => {
    const kit = containmentKit();
    const subject = await goneButRunning(kit);
    kit.cluster.edit({ apiVersion: 'v1', kind: 'Node', name: subject.host?.node ?? '' }, (draft) => {
      draft.status = { ...draft.status, nodeInfo: { containerRuntimeVersion: 'docker://19.3.1' } };
    });
    await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
    const [carried] = await carry(kit, killContainer);
    assert.equal(carried?.entry.before?.runtime, 'docker');
    assert.equal(carried?.entry.state, 'applied');
  });

  it('refuses while the API still knows the pod', async () => {
    const kit = containmentKit();
    playKiller(kit);
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'delete-workload');
    const [carried] = await carry(kit, killContainer);
    assert.equal(carried?.entry.state, 'refused');
    assert.match(carried?.entry.because ?? '', /still in the API/);
    assert.deepEqual(changesOf(kit), []);
  });

  it('refuses a static pod: its containers have another UID, so none of them would be found', async () => {
    const kit = containmentKit();
    playKiller(kit);
    const subject = await subjectOf(kit, podNamed(kit, 'kube-system', 'kube-proxy'));
    await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
    const [carried] = await carry(kit, killContainer);
    assert.equal(carried?.entry.state, 'refused');
    assert.match(carried?.entry.because ?? '', /static pod.*delete-host/);
  });

  it('fails if our pod fails or reports no result, and removes our pod all the same', async () => {
    for (const phase of ['Failed', 'Succeeded'] as const) {
      const kit = containmentKit();
      const subject = await goneButRunning(kit);
      kit.cluster.reality.programs.unshift({ image: /killer@/, run: () => ({ phase, log: 'no' }) });
      await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
      const [carried] = await carry(kit, killContainer);
      assert.equal(carried?.entry.state, 'failed');
      assert.match(carried?.entry.because ?? '', /ask for delete-host/);
      assert.deepEqual(kit.cluster.list('v1', 'Pod', 'firebreak'), []);
    }
  });

  it('fails with a reason if the node is cut before the log of our pod is read', async () => {
    const kit = containmentKit();
    const subject = await goneButRunning(kit);
    await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
    const { clusters } = kit.ports;
    const node = subject.host?.node ?? '';
    // Another incident cuts the node just before the log is read.
    const reader: typeof clusters.reader = (ref) => ({
      ...clusters.reader(ref),
      log: async () => {
        kit.cluster.cutNode(node);
        throw new Transient('the kubelet does not answer');
      },
    });
    const cutting = { ...kit, ports: { ...kit.ports, clusters: { ...clusters, reader } } };
    const [carried] = await carry(cutting, killContainer);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried?.entry.because ?? '', /the result of our own pod cannot be read: node .* does not answer/);
    assert.match(carried?.entry.because ?? '', /the process may still run: ask for delete-host/);
  });

  it('refuses and leaves alone a stranger’s pod that has the name of ours', async () => {
    const kit = containmentKit();
    const subject = await goneButRunning(kit);
    const spec = { containers: [{ name: 'x', image: 'x.example.com/x:1' }] };
    const metadata = { name: killerName(subject.uid), namespace: 'firebreak' };
    kit.cluster.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
    await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
    const [carried] = await carry(kit, killContainer);
    assert.equal(carried?.entry.state, 'refused');
    assert.equal(kit.cluster.list('v1', 'Pod', 'firebreak').length, 1);
  });

  it('fails with the reason where our own pod cannot be created, for want of quota for example', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await goneButRunning(kit)], 'delete-workload');
    kit.cluster.faults.add({ verb: 'create', kind: 'Pod', times: 1_000_000, fault: '429' });
    await assert.rejects(carry(kit, killContainer), /429/);
    await kit.clock.advance(5 * 60_000);
    const [carried] = await carry(kit, killContainer);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /could not be created: .*429.*; the process may still run/);
  });

  it('fails with the reason where the namespace for our own pods does not exist', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await goneButRunning(kit)], 'delete-workload');
    kit.cluster.drop({ apiVersion: 'v1', kind: 'Namespace', name: 'firebreak' });
    await kit.clock.advance(120_000);
    kit.world.settle();
    const [carried] = await carry(kit, killContainer);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried.entry.because ?? '', /namespaces "firebreak" not found/);
  });

  it('asks for delete-host where only the Node object is gone, since its VM still runs the process', async () => {
    const because = await refusedOn((s, kit) => {
      kit.cluster.drop({ apiVersion: 'v1', kind: 'Node', name: s.host?.node ?? '' });
      return s;
    });
    assert.match(because, /node \S+ is gone, or another machine now has its name; the process may still run: ask for/);
  });

  it('has nothing to kill where the VM is gone, at first or after it had begun', async () => {
    for (const isBegun of [false, true]) {
      const kit = containmentKit();
      const subject = await goneButRunning(kit);
      await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
      kit.cluster.faults.add({ verb: 'create', kind: 'Pod', times: 1, fault: '429' });
      if (isBegun) await assert.rejects(carry(kit, killContainer), /429/);
      const { project, zone, instance } = subject.host ?? assert.fail();
      kit.world.compute.stranger.deleteInstance(`projects/${project}/zones/${zone}/instances/${instance}`);
      kit.world.settle();
      const [carried] = await carry(kit, killContainer);
      assert.equal(carried?.entry.state, 'skipped');
      assert.match(carried?.entry.because ?? '', /gone.*: no process of the pod runs/);
      assert.deepEqual(changesOf(kit), []);
    }
  });

  it('starts no pod of ours on a node that was cut, or without the image, after it had begun', async () => {
    const cases: Array<[(kit: Kit, node: string) => Kit, RegExp]> = [
      [
        (kit, node) => {
          kit.cluster.cutNode(node);
          return kit;
        },
        /does not answer.*; the process may still run: ask for delete-host/,
      ],
      [
        (kit) => {
          const { killerImage: _, ...settings } = kit.ports.settings;
          return { ...kit, ports: { ...kit.ports, settings } };
        },
        /the killer image is no longer set: the process may still run/,
      ],
    ];
    for (const [change, expected] of cases) {
      const kit = containmentKit();
      const subject = await goneButRunning(kit);
      await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
      kit.cluster.faults.add({ verb: 'create', kind: 'Pod', times: 1, fault: '429' });
      await assert.rejects(carry(kit, killContainer), /429/);
      const [carried] = await carry(change(kit, subject.host?.node ?? ''), killContainer);
      assert.equal(carried?.entry.state, 'refused');
      assert.match(carried?.entry.because ?? '', expected);
      assert.deepEqual(changesOf(kit), []);
    }
  });

  it('refuses a UID that is none, a VM that is out of reach, and a node that does not name its runtime', async () => {
    assert.match(await refusedOn((s) => ({ ...s, uid: 'x-reboot' })), /the UID of the pod is not valid/);
    const unreached = await refusedOn((s) => {
      const { node, nodeUid } = s.host ?? assert.fail();
      return { ...s, host: { id: nodeUid, node, nodeUid } };
    });
    assert.match(unreached, /Autopilot does not admit a privileged pod/);
    const unnamed = await refusedOn((s, kit) => {
      kit.cluster.edit({ apiVersion: 'v1', kind: 'Node', name: s.host?.node ?? '' }, (draft) => {
        const { nodeInfo: _, ...status } = { nodeInfo: undefined, ...draft.status };
        draft.status = status;
      });
      return s;
    });
    assert.match(unnamed, /runtime of the node is not one of/);
  });

  it('waits for a pod that is being deleted, and refuses once it has waited too long', async () => {
    const kit = containmentKit();
    playKiller(kit);
    const pod = podNamed(kit, 'shop', 'cart');
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: pod.metadata.name };
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, pod)], 'delete-workload');
    kit.cluster.edit(ref, (draft) => {
      draft.metadata.finalizers = ['example.com/hold'];
    });
    kit.cluster.drop(ref);
    const [waiting] = await carry(kit, killContainer, undefined, 2);
    assert.deepEqual([waiting?.entry.state, waiting?.entry.because], ['pending', 'the pod is still in the API']);
    await kit.clock.advance(5 * 60_000);
    const [late] = await carry(kit, killContainer);
    assert.equal(late?.entry.state, 'refused');
    assert.match(late?.entry.because ?? '', /still in the API.*delete it first/);
    assert.deepEqual(changesOf(kit), []);
  });

  it('reads a log again that could not be read, and gives it up once it has waited too long', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await goneButRunning(kit)], 'delete-workload');
    const { clusters } = kit.ports;
    const reader: typeof clusters.reader = (ref) => ({
      ...clusters.reader(ref),
      log: () => Promise.reject(new Transient('the kubelet does not answer')),
    });
    const silent = { ...kit, ports: { ...kit.ports, clusters: { ...clusters, reader } } };
    await assert.rejects(carry(silent, killContainer), /the kubelet does not answer/);
    await kit.clock.advance(5 * 60_000);
    const [carried] = await carry(silent, killContainer);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried?.entry.because ?? '', /result of our own pod cannot be read: the kubelet does not answer/);
    assert.deepEqual(kit.cluster.list('v1', 'Pod', 'firebreak'), []);
  });

  it('waits for the right to read the log of our pod, and reads it once it is there', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await goneButRunning(kit)], 'delete-workload');
    const { clusters } = kit.ports;
    let refusals = 3;
    const reader: typeof clusters.reader = (ref) => {
      const real = clusters.reader(ref);
      const log: typeof real.log = (of) => {
        refusals -= 1;
        return refusals < 0 ? real.log(of) : Promise.reject(new Denied('no right to read logs'));
      };
      return { ...real, log };
    };
    const [carried] = await carry(
      { ...kit, ports: { ...kit.ports, clusters: { ...clusters, reader } } },
      killContainer,
    );
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
  });

  it('removes our pod also without the right to read its log, and says that the process may still run', async () => {
    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await goneButRunning(kit)], 'delete-workload');
    const { clusters } = kit.ports;
    const reader: typeof clusters.reader = (ref) => ({
      ...clusters.reader(ref),
      log: () => Promise.reject(new Denied('no right to read logs')),
    });
    const [carried] = await carry(
      { ...kit, ports: { ...kit.ports, clusters: { ...clusters, reader } } },
      killContainer,
    );
    assert.equal(carried?.entry.state, 'failed');
    assert.match(
      carried.entry.because ?? '',
      /^the result of our own pod cannot be read: no right to read logs; the process may still run/,
    );
    assert.deepEqual(kit.cluster.list('v1', 'Pod', 'firebreak'), []);
  });

  it('says so where nothing of the pod was left', async () => {
    const kit = containmentKit();
    const subject = await goneButRunning(kit);
    kit.cluster.reality.programs.unshift({
      image: /killer@/,
      run: () => ({ phase: 'Succeeded', log: 'killed=0\n' }),
    });
    await openIncident(kit, STEP_INCIDENT, [subject], 'delete-workload');
    const [carried] = await carry(kit, killContainer);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven']);
    assert.equal(carried?.entry.because, 'no container of it was still running');
  });
});
