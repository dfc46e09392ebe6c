import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import type { StepSettings } from '../../../../shared/containment/settings.ts';
import { attachForensics } from '../../../../shared/containment/steps/attach-forensics.ts';
import type { PodSubject } from '../../../../shared/model/subject.ts';
import { stepContract } from '../../../contracts/step.ts';
import {
  changesOf,
  containmentKit,
  incidentOf,
  type Kit,
  openIncident,
  podNamed,
  subjectOf,
} from '../../../kit/containment.ts';
import { carry, releaseStep, STEP_INCIDENT, verifyAgain } from '../../../kit/step.ts';

stepContract({
  step: attachForensics,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: { because: 'the API lets nobody take an ephemeral container away' },
});

const started = async (change: (kit: Kit, subject: PodSubject) => PodSubject, settings: Partial<StepSettings> = {}) => {
  const kit = containmentKit();
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  const ports = { ...kit.ports, settings: { ...kit.ports.settings, ...settings } };
  await openIncident(kit, STEP_INCIDENT, [change(kit, subject)], 'snapshot');
  const [carried] = await carry({ ...kit, ports }, attachForensics);
  assert.ok(carried);
  return { kit, entry: carried.entry, carried };
};

const refOf = ({ name }: PodSubject) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name });

describe('containment/steps/attach-forensics', () => {
  it('adds the configured image beside the first container, and gives the command that attaches to it', async () => {
    const { kit, entry } = await started((_, s) => s);
    assert.deepEqual([entry.state, entry.proof], ['applied', 'proven']);
    const [added] = [podNamed(kit, 'shop', 'cart').spec?.ephemeralContainers].flat();
    assert.match(String(Object(added).image), /forensics@sha256:a{64}/);
    assert.equal(Object(added).targetContainerName, 'cart');
    assert.deepEqual([Object(added).stdin, Object(added).tty], [true, true], 'a person can attach to it');
    assert.match(
      entry.because ?? '',
      /^kubectl --context=gke_p1_europe-west1_c1 -n shop attach -it cart-\S+ -c firebreak-[0-9a-f]{10}$/,
    );
  });

  it('stays on a release as long as its pod, and leaves nothing to take back from one that is gone', async () => {
    for (const [isGone, state, because] of [
      [true, 'undone', /is gone, or another pod now has its name: nothing is left to take back$/],
      [false, 'not-undoable', /stays as long as the pod: the API cannot remove an ephemeral container$/],
    ] as const) {
      const { kit, carried } = await started((_, s) => s);
      const { bound } = carried;
      if (isGone && bound.subject.scope === 'pod') kit.cluster.drop(refOf(bound.subject.pod));
      const [entry] = await releaseStep(kit, attachForensics);
      assert.equal(entry?.state, state);
      assert.match(entry.because ?? '', because);
    }
  });

  it('adds its own container beside one that a person has added, and waits for its own to run', async () => {
    const { kit, entry } = await started((k, s) => {
      k.cluster.edit(refOf(s), (draft) => {
        draft.spec = { ...draft.spec, ephemeralContainers: [{ name: 'debugger-x7', image: 'busybox' }] };
      });
      k.cluster.reality.unpullable.push(/forensics/);
      return s;
    });
    const names = [podNamed(kit, 'shop', 'cart').spec?.ephemeralContainers].flat().map((c) => String(Object(c).name));
    assert.equal(names.length, 2);
    assert.equal(names[0], 'debugger-x7');
    assert.equal(entry.state, 'failed');
    assert.match(entry.because ?? '', /container firebreak-\S+ does not run: ImagePullBackOff/);
  });

  it('fails at once where its container ends, and is not proven where that ended later', async () => {
    const end = (k: Kit, s: PodSubject): void => {
      const pod = k.cluster.get(refOf(s)) ?? assert.fail();
      const [added] = [pod.spec?.ephemeralContainers].flat();
      k.cluster.cutNode(String(pod.spec?.nodeName));
      k.cluster.edit(refOf(s), (draft) => {
        const ended = { name: Object(added).name, state: { terminated: { exitCode: 127 } } };
        draft.status = { ...draft.status, ephemeralContainerStatuses: [ended] };
      });
    };
    const later = await started((_, s) => s);
    const subject = await subjectOf(later.kit, podNamed(later.kit, 'shop', 'cart'));
    end(later.kit, subject);
    const verified = await verifyAgain(later.kit, later.carried);
    assert.equal(verified.proof, 'not proven');
    assert.match(verified.because ?? '', /container firebreak-\S+ does not run/);

    const kit = containmentKit();
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'snapshot');
    kit.cluster.reality.unpullable.push(/forensics/);
    await carry(kit, attachForensics, undefined, 1);
    end(kit, subject);
    const [carried] = await carry(kit, attachForensics);
    assert.equal(carried?.entry.state, 'failed');
    assert.match(carried?.entry.because ?? '', /ended with 127/);
  });

  it('leads nobody into a container of its name that somebody else has added before', async () => {
    const name = `firebreak-${createHash('sha256').update(STEP_INCIDENT).digest('hex').slice(0, 10)}`;
    const { kit, entry } = await started((k, s) => {
      k.cluster.edit(refOf(s), (draft) => {
        const planted = { name, image: k.ports.settings.forensicsImage, command: ['/proc/1/root/tmp/shell'] };
        draft.spec = { ...draft.spec, ephemeralContainers: [planted] };
        draft.status = { ...draft.status, ephemeralContainerStatuses: [{ name, state: { running: {} } }] };
      });
      return s;
    });
    assert.equal(entry.state, 'refused');
    assert.match(entry.because ?? '', /^somebody else has added a container named firebreak-[0-9a-f]{10}/);
    assert.doesNotMatch(entry.because ?? '', /attach -it/);
    assert.deepEqual(changesOf(kit), []);
  });

  it('is refused in a pod that does not run', async () => {
    for (const phase of ['Pending', 'Succeeded']) {
      const { kit, entry } = await started((k, s) => {
        k.cluster.cutNode(s.host?.node ?? '');
        k.cluster.edit(refOf(s), (draft) => {
          draft.status = { ...draft.status, phase };
        });
        return s;
      });
      assert.equal(entry.state, 'refused');
      assert.match(entry.because ?? '', new RegExp(`the pod is ${phase}: .*only be added to a running pod`));
      assert.deepEqual(changesOf(kit), []);
    }
  });

  it('is given up at its deadline, which does not fail the containment', async () => {
    const { kit, entry } = await started((k, s) => {
      k.cluster.reality.unpullable.push(/forensics/);
      return s;
    });
    assert.equal(entry.state, 'failed');
    assert.match(entry.because ?? '', /given up after 60 s: .*ImagePullBackOff/);
    assert.ok(kit.clock.now() - Date.parse(entry.startedAt) < 75_000);
    assert.notEqual((await incidentOf(kit, STEP_INCIDENT)).state, 'failed');
  });

  it('is refused on a cut node, in a Windows pod and in a static pod', async () => {
    const cases: Array<[Parameters<typeof started>[0], RegExp]> = [
      [
        (kit, s) => {
          kit.cluster.cutNode(s.host?.node ?? '');
          return s;
        },
        /a container can no longer be added/,
      ],
      [(_, s) => ({ ...s, windows: true }), /Windows/],
      [
        (kit, s) => {
          kit.cluster.edit({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: s.name }, (draft) => {
            draft.metadata.annotations = { 'kubernetes.io/config.mirror': 'x' };
          });
          return s;
        },
        /static pod/,
      ],
    ];
    for (const [change, because] of cases) {
      const { kit, entry } = await started(change);
      assert.equal(entry.state, 'refused');
      assert.match(entry.because ?? '', because);
      assert.deepEqual(changesOf(kit), []);
    }
  });

  it('is refused without an image, and names the settings that give one', async () => {
    const kit = containmentKit();
    const { forensicsImage: _, ...settings } = kit.ports.settings;
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'snapshot');
    const [carried] = await carry({ ...kit, ports: { ...kit.ports, settings } }, attachForensics);
    assert.equal(carried?.entry.state, 'refused');
    assert.match(carried?.entry.because ?? '', /forensics\.image in the policy, or as FIREBREAK_FORENSICS_IMAGE$/);
  });
});
