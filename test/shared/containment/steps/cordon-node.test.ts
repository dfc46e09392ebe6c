import { strict as assert } from 'node:assert';
import { SCALE_DOWN_DISABLED } from '../../../../shared/containment/marks.ts';
import { cordonNode } from '../../../../shared/containment/steps/cordon-node.ts';
import { stepContract } from '../../../contracts/step.ts';
import { changesOf, containmentKit, openIncident, podNamed, subjectOf } from '../../../kit/containment.ts';
import { deliver, reach } from '../../../kit/deliveries.ts';
import { carry, releaseStep, STEP_INCIDENT, STRANGER } from '../../../kit/step.ts';

stepContract({
  step: cordonNode,
  arrange: async (kit) => [await subjectOf(kit, podNamed(kit, 'shop', 'cart'))],
  stranger: (kit) => {
    for (const node of kit.cluster.list('v1', 'Node'))
      if (node.spec?.unschedulable === true)
        kit.cluster.edit(
          { apiVersion: 'v1', kind: 'Node', name: node.metadata.name },
          (draft) => {
            draft.spec = { ...draft.spec, unschedulable: false };
          },
          STRANGER,
        );
  },
});

/** A node that somebody else has cordoned; `annotated`: and keeps from the autoscaler. */
const cordoned = async ({ annotated }: { annotated: boolean }) => {
  const kit = containmentKit();
  const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
  const ref = { apiVersion: 'v1', kind: 'Node', name: subject.host?.node ?? '' };
  kit.cluster.edit(ref, (draft) => {
    draft.spec = { ...draft.spec, unschedulable: true };
    if (annotated) draft.metadata.annotations = { ...draft.metadata.annotations, [SCALE_DOWN_DISABLED]: 'true' };
  });
  await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
  const node = () => kit.cluster.get(ref) ?? assert.fail();
  return { kit, subject, node, ref };
};

describe('containment/steps/cordon-node', () => {
  it('cordons a node that was given our mark beforehand, and lifts the cordon on a release', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const ref = { apiVersion: 'v1', kind: 'Node', name: subject.host?.node ?? '' };
    const marked = { 'firebreak.dev/cordon-node': subject.host?.id ?? '' };
    kit.cluster.edit(
      ref,
      ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, ...marked };
      },
      STRANGER,
    );
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    const [carried] = await carry(kit, cordonNode);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven'], carried?.entry.because);
    assert.equal(kit.cluster.get(ref)?.spec?.unschedulable, true);
    await releaseStep(kit, cordonNode);
    assert.notEqual(kit.cluster.get(ref)?.spec?.unschedulable, true);
  });

  it('keeps a node that somebody else cordoned from the autoscaler, and leaves their cordon on a release', async () => {
    const { kit, node } = await cordoned({ annotated: false });
    const [carried] = await carry(kit, cordonNode);
    assert.deepEqual([carried?.entry.state, carried?.entry.proof], ['applied', 'proven']);
    assert.match(carried?.entry.because ?? '', /only the autoscaler annotation is ours/);
    assert.equal(node().metadata.annotations?.[SCALE_DOWN_DISABLED], 'true');
    const [entry] = await releaseStep(kit, cordonNode);
    assert.deepEqual([entry?.state, entry?.because], ['undone', 'the cordon was someone else’s and stays']);
    assert.equal(node().spec?.unschedulable, true);
    assert.equal(node().metadata.annotations?.[SCALE_DOWN_DISABLED], undefined);
  });

  it('changes nothing where somebody else has done both, also on a release', async () => {
    const { kit, node } = await cordoned({ annotated: true });
    const [carried] = await carry(kit, cordonNode);
    assert.equal(carried?.entry.state, 'skipped');
    assert.match(carried.entry.because ?? '', /already cordoned by someone else: a release will not uncordon it/);
    await releaseStep(kit, cordonNode);
    assert.deepEqual(changesOf(kit), []);
    assert.equal(node().spec?.unschedulable, true);
  });

  it('holds the node for the second incident where its VM was made again for the same Node after the first', async () => {
    const kit = containmentKit();
    const pod = podNamed(kit, 'shop', 'node-agent');
    const subject = await subjectOf(kit, pod);
    const { node, nodeUid, project, zone } = subject.host ?? assert.fail('no host');
    const marked = () => {
      const { metadata, spec } = kit.cluster.get({ apiVersion: 'v1', kind: 'Node', name: node }) ?? assert.fail();
      assert.equal(metadata.uid, nodeUid);
      return [spec?.unschedulable === true, metadata.annotations?.[SCALE_DOWN_DISABLED]];
    };
    await openIncident(kit, 'i-1', [subject], 'quarantine');
    await deliver(kit, 'i-1');
    kit.cluster.reality.remade.add(node);
    kit.world.compute.stranger.recreate(`projects/${project}/zones/${zone}/instances/${node}`);
    await kit.clock.advance(60_000);
    kit.world.settle();
    await openIncident(kit, 'i-2', [await subjectOf(kit, pod)], 'quarantine');
    await deliver(kit, 'i-2');
    assert.deepEqual(marked(), [true, 'true']);
    assert.equal((await reach(kit, 'i-1', 'released')).state, 'released');
    assert.deepEqual(marked(), [true, 'true']);
    assert.equal((await reach(kit, 'i-2', 'released')).state, 'released');
    assert.deepEqual(marked(), [false, undefined]);
  });

  it('takes the cordon back from a Node that the same VM registered as since', async () => {
    const kit = containmentKit();
    const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
    const ref = { apiVersion: 'v1', kind: 'Node', name: subject.host?.node ?? '' };
    await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
    await carry(kit, cordonNode);
    const first = kit.cluster.get(ref) ?? assert.fail();
    kit.cluster.drop(ref);
    kit.world.settle();
    const again = kit.cluster.get(ref) ?? assert.fail();
    assert.notEqual(again.metadata.uid, first.metadata.uid);
    // As another incident leaves it that holds the VM too, and has let go since.
    const marks = first.metadata.annotations;
    kit.cluster.edit(ref, (draft) => {
      draft.spec = { ...draft.spec, unschedulable: true };
      draft.metadata.annotations = { ...draft.metadata.annotations, ...marks };
    });
    const [entry] = await releaseStep(kit, cordonNode);
    assert.deepEqual([entry?.state, entry?.because], ['undone', undefined]);
    const left = kit.cluster.get(ref) ?? assert.fail();
    assert.deepEqual(
      [left.spec?.unschedulable, left.metadata.annotations?.[SCALE_DOWN_DISABLED]],
      [undefined, undefined],
    );
  });

  it('leaves to the autoscaler on a release what somebody else has told it about the node since', async () => {
    for (const theirs of ['false', undefined]) {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const ref = { apiVersion: 'v1', kind: 'Node', name: subject.host?.node ?? '' };
      const annotate = (value: string | undefined) =>
        kit.cluster.edit(ref, (draft) => {
          const { [SCALE_DOWN_DISABLED]: _, ...others } = draft.metadata.annotations ?? {};
          draft.metadata.annotations = { ...others, ...(value === undefined ? {} : { [SCALE_DOWN_DISABLED]: value }) };
        });
      annotate(theirs === undefined ? 'true' : undefined);
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      await carry(kit, cordonNode);
      annotate(theirs);
      const [entry] = await releaseStep(kit, cordonNode);
      assert.equal(entry?.state, 'undone');
      const node = kit.cluster.get(ref);
      assert.notEqual(node?.spec?.unschedulable, true);
      assert.equal(node?.metadata.annotations?.[SCALE_DOWN_DISABLED], theirs);
    }
  });

  it('says on a release that the node is gone, and leaves one without our mark', async () => {
    for (const [gone, state, because] of [
      [true, 'undone', /is gone, or another machine now has its name: nothing is left to take back$/],
      [false, 'undone', /our mark is not on the node: it is left as it is/],
    ] as const) {
      const kit = containmentKit();
      const subject = await subjectOf(kit, podNamed(kit, 'shop', 'cart'));
      const ref = { apiVersion: 'v1', kind: 'Node', name: subject.host?.node ?? '' };
      await openIncident(kit, STEP_INCIDENT, [subject], 'isolate');
      await carry(kit, cordonNode);
      const { project, zone, instance } = subject.host ?? assert.fail();
      if (gone) kit.world.compute.stranger.recreate(`projects/${project}/zones/${zone}/instances/${instance}`);
      else
        kit.cluster.edit(ref, (draft) => {
          const { 'firebreak.dev/cordon-node': _, ...others } = draft.metadata.annotations ?? {};
          draft.metadata.annotations = others;
        });
      await kit.clock.advance(300_000);
      kit.world.settle();
      const [entry] = await releaseStep(kit, cordonNode);
      assert.equal(entry?.state, state);
      assert.match(entry.because ?? '', because);
      if (!gone) assert.equal(kit.cluster.get(ref)?.spec?.unschedulable, true);
    }
  });
});
