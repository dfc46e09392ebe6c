import { strict as assert } from 'node:assert';
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
import { carry, STEP_INCIDENT } from '../../../kit/step.ts';

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
  return { kit, entry: carried.entry };
};

describe('containment/steps/attach-forensics', () => {
  it('adds the configured image beside the first container, and gives the command that attaches to it', async () => {
    const { kit, entry } = await started((_, s) => s);
    const [added] = [podNamed(kit, 'shop', 'cart').spec?.ephemeralContainers].flat();
    assert.match(String(Object(added).image), /forensics@sha256:a{64}/);
    assert.equal(Object(added).targetContainerName, 'cart');
    assert.match(entry.because ?? '', /kubectl -n shop attach -it cart-\S+ -c firebreak-[0-9a-f]{10}/);
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

  it('is refused without an image, and names the variable to set', async () => {
    const kit = containmentKit();
    const { forensicsImage: _, ...settings } = kit.ports.settings;
    await openIncident(kit, STEP_INCIDENT, [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))], 'snapshot');
    const [carried] = await carry({ ...kit, ports: { ...kit.ports, settings } }, attachForensics);
    assert.equal(carried?.entry.state, 'refused');
    assert.match(carried?.entry.because ?? '', /FIREBREAK_FORENSICS_IMAGE/);
  });
});
