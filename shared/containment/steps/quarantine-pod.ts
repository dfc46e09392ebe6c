import { z } from 'zod';
import { isBuiltInController } from '../../kubernetes/built-in.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { counted } from '../../text.ts';
import { ALLOWED_TRAFFIC_RBAC, allowedTraffic } from '../allowed-traffic.ts';
import { reasons } from '../entry-states.ts';
import { handOver } from '../hand-over.ts';
import { labelsOf, readImage, sameObject } from '../image.ts';
import { markedBefore, markOn, unmarked } from '../mark-on.ts';
import { markKey, QUARANTINE_LABEL, QUARANTINE_VALUE } from '../marks.ts';
import { changedMeanwhile } from '../meanwhile.ts';
import { nothingLeft } from '../nothing-left.ts';
import { gonePod, podByUid, podRef } from '../pod.ts';
import { relabelled, tolerationsOf } from '../relabelled.ts';
import { servicesSelecting } from '../services.ts';
import { statefulSelector } from '../stateful-selector.ts';
import { provenUnless, type StepContext, type StepOf, type SubjectOf } from '../step.ts';
import { networksBeside } from '../verdicts/pod-networks.ts';
import { keptLabels, labelPatch, quarantineLabels, releasedLabels } from '../verdicts/quarantine-labels.ts';
import { restoreTolerations, toleratesForever, toleration } from '../verdicts/tolerations.ts';

const ID = 'quarantine-pod';
const MARK = markKey(ID);
const image = z.object({
  labels: z.record(z.string(), z.string()),
  tolerations: z.array(toleration),
  keep: z.record(z.string(), z.string()),
});
type Context = StepContext<SubjectOf<'pod'>>;

const ref = ({ subject }: Context) => podRef(subject.pod);
const podOf = (context: Context) => podByUid(context, context.subject.pod);
/**
 * A doubt where the pod still names an owner of a custom kind: such a kind need not let go of a pod without its labels.
 */
const ownerDoubts = ({ subject }: Context, { metadata }: KubeObject): string[] => {
  const [owner] = subject.pod.owners;
  const isNamed = metadata.ownerReferences?.some(({ uid }) => uid === owner?.uid) === true;
  return owner === undefined || !isNamed || isBuiltInController(owner)
    ? []
    : [
        `its ${owner.kind} ${owner.name}, of a custom kind, still owns it, and may restore its labels or delete it: stop it by hand`,
      ];
};

/**
 * The pod as a release of the incident that has quarantined it would leave it. Somebody may have taken the quarantine
 * label off since: the labels that went with it are still missing.
 */
const restored = (was: z.infer<typeof image>, now: Record<string, string>): z.infer<typeof image> => ({
  ...was,
  labels: now[QUARANTINE_LABEL] === QUARANTINE_VALUE ? was.labels : releasedLabels(now, was.labels),
});

/**
 * Takes the pod out of Services, its controller and other policies, and puts it under the quarantine policy. The pod
 * lives on as evidence, which eviction or deletion would destroy. Its controller replaces it with a clean copy.
 */
export const quarantinePod: StepOf<'pod'> = {
  id: ID,
  scope: 'pod',
  does: 'Labels the pod quarantine=true, removes the labels by which Services, its controller and other policies select it, and lets it stay on an unreachable node without limit.',
  journal: 'incident',
  undoable: true,
  pace: 'ahead',
  atOnce: () => 10,
  permissions: {
    iam: [],
    rbac: [
      { group: '', resource: 'pods', verbs: ['get', 'patch'] },
      { group: '', resource: 'services', verbs: ['list'] },
      { group: 'apps', resource: 'statefulsets', verbs: ['get'] },
      ...ALLOWED_TRAFFIC_RBAC,
    ],
  },

  capture: async (context) => {
    const pod = await podOf(context);
    if (pod === undefined) return { outcome: 'gone', because: gonePod(context) };
    // Another incident has quarantined it. Its labels as they are now must not become those that a release restores.
    const was = await context.imageOf(ID, markOn(pod, MARK));
    if (was !== undefined) return { outcome: 'captured', before: restored(readImage(image, was, ID), labelsOf(pod)) };
    const keep = await statefulSelector(context);
    const before = { labels: labelsOf(pod), tolerations: tolerationsOf(pod), keep };
    return { outcome: 'captured', before, ...markedBefore(pod, MARK, context.mark) };
  },

  apply: async (context, before) => {
    const was = readImage(image, before, ID);
    const pod = await podOf(context);
    if (pod === undefined) return { outcome: 'gone', because: gonePod(context) };
    const isMarked = markOn(pod, MARK) === context.mark;
    const isLabelled = labelsOf(pod)[QUARANTINE_LABEL] === QUARANTINE_VALUE;
    if (isMarked && context.entry.anew !== true)
      return isLabelled
        ? { outcome: 'applied' }
        : { outcome: 'applied', because: 'someone removed the quarantine label after us; that is left as it is' };
    const seen = { labels: labelsOf(pod), tolerations: tolerationsOf(pod), keep: was.keep };
    const newer = await changedMeanwhile(context, markOn(pod, MARK), before, seen, () =>
      quarantinePod.capture(context),
    );
    if (newer !== undefined) return newer;
    const wanted = quarantineLabels(labelsOf(pod), context.subject.pod.owners[0]?.kind, was.keep);
    const missing = await relabelled(context, MARK, pod, wanted);
    if (missing !== undefined) return { outcome: 'applied', because: missing };
    const because =
      'the pod keeps the labels of its StatefulSet, because the StatefulSet would be blocked without them';
    return Object.keys(was.keep).length > 0 ? { outcome: 'applied', because } : { outcome: 'applied' };
  },

  verify: async (context, before) => {
    const was = readImage(image, before, ID);
    const pod = await podOf(context);
    if (pod === undefined) return { proof: 'not proven', because: gonePod(context) };
    const labels = labelsOf(pod);
    if (labels[QUARANTINE_LABEL] !== QUARANTINE_VALUE)
      return { proof: 'not proven', because: 'the quarantine label was removed again' };
    if (context.subject.pod.hostNetwork)
      return {
        proof: 'not proven',
        because: 'the pod uses the host network, which NetworkPolicy does not cover: isolate the node',
      };
    const [allowing, services] = await Promise.all([
      allowedTraffic(context, context.subject.pod.namespace, labels),
      servicesSelecting(context, context.subject.pod.namespace, labels),
    ]);
    const kept = keptLabels(
      labels,
      was.labels,
      quarantineLabels(was.labels, context.subject.pod.owners[0]?.kind, was.keep),
    );
    const networks = networksBeside(pod);
    const doubts = [
      ...allowing,
      ...(networks.length > 0
        ? [`it is in further networks (${networks.join(', ')}), which NetworkPolicy does not cover: isolate the node`]
        : []),
      ...(services.length > 0 ? [`Service ${services.join(', ')} still selects it`] : []),
      ...(kept.length > 0 && context.subject.pod.owners.length > 0
        ? [`it has kept ${kept.join(', ')}, so its controller may still count and delete it`]
        : []),
      ...ownerDoubts(context, pod),
      ...(pod.metadata.deletionTimestamp === undefined ? [] : ['it is being deleted already, with its evidence']),
      ...(toleratesForever(tolerationsOf(pod)) ? [] : ['it would be deleted 300 s after its node is cut off']),
    ];
    return provenUnless(doubts);
  },

  undo: async (context, before) => {
    const was = readImage(image, before, ID);
    const pod = await podOf(context);
    if (pod === undefined) return nothingLeft(gonePod(context));
    const handed = await handOver(context, ID, ref(context), pod, 'the pod');
    if (handed !== undefined) return handed;
    const { annotations, labels } = unmarked(pod, MARK);
    const { list, kept } = restoreTolerations(tolerationsOf(pod), was.tolerations);
    await context.write.patch(ref(context), {
      type: 'merge',
      body: {
        metadata: {
          ...sameObject(context, pod),
          annotations,
          labels: { ...labelPatch(labelsOf(pod), releasedLabels(labelsOf(pod), was.labels)), ...labels },
        },
        spec: { tolerations: list },
      },
    });
    const { owners } = context.subject.pod;
    const isDeleted = context
      .journal()
      .some(
        ({ step, uid, state }) =>
          step === 'delete-workload' && state === 'not-undoable' && owners.some((o) => o.uid === uid),
      );
    const extra =
      owners[0]?.kind === 'ReplicaSet' && !isDeleted
        ? ['its ReplicaSet adopts it again, and removes one surplus pod']
        : [];
    const toleration = kept === 0 ? [] : [`${counted(kept, 'added toleration')} cannot be taken from a living pod`];
    return { outcome: 'undone', ...reasons(...extra, ...toleration) };
  },
};
