import { z } from 'zod';
import { Denied } from '../../errors.ts';
import { isBuiltInController } from '../../kubernetes/built-in.ts';
import { labelSelector } from '../../kubernetes/label-selector.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { counted } from '../../text.ts';
import { handOver } from '../hand-over.ts';
import { annotationOf, labelsOf, readImage, sameObject } from '../image.ts';
import { markKey, QUARANTINE_LABEL, QUARANTINE_VALUE } from '../marks.ts';
import { gonePod, podByUid, podRef } from '../pod.ts';
import type { StepContext, StepOf, SubjectOf } from '../step.ts';
import { policiesThatAllow, selectorMatches } from '../verdicts/policy-allows.ts';
import { labelPatch, quarantineLabels, releasedLabels } from '../verdicts/quarantine-labels.ts';
import { restoreTolerations, tolerateForever, toleratesForever, toleration } from '../verdicts/tolerations.ts';

const ID = 'quarantine-pod';
const MARK = markKey(ID);
const image = z.object({
  labels: z.record(z.string(), z.string()),
  tolerations: z.array(toleration),
  keep: z.record(z.string(), z.string()),
});
const tolerations = z.looseObject({ tolerations: z.array(toleration).default([]) });
const selecting = z.looseObject({ selector: labelSelector });
type Context = StepContext<SubjectOf<'pod'>>;

const ref = ({ subject }: Context) => podRef(subject.pod);
const podOf = (context: Context) => podByUid(context, context.subject.pod);
const gone = ({ subject }: Context) => gonePod(subject);
const tolerationsOf = (pod: KubeObject) => tolerations.parse(pod.spec ?? {}).tolerations;

/**
 * The labels by which a StatefulSet selects its pods; empty for any other owner, and where the owner is gone. Custom
 * kinds of this name exist too. Without the right to read one, the pod is still quarantined at once.
 */
const statefulSelector = async (context: Context): Promise<Record<string, string>> => {
  const [owner] = context.subject.pod.owners;
  if (owner?.kind !== 'StatefulSet') return {};
  const { apiVersion, kind, name, uid } = owner;
  const { namespace } = context.subject.pod;
  const set = await context.read.get({ apiVersion, kind, namespace, name }).catch((thrown: unknown) => {
    if (thrown instanceof Denied && !isBuiltInController(owner)) return undefined;
    throw thrown;
  });
  const read = set?.metadata.uid === uid ? selecting.safeParse(set.spec).data : undefined;
  const named = (read?.selector.matchExpressions ?? []).map(({ key }) => [key, '']);
  return { ...Object.fromEntries(named), ...read?.selector.matchLabels };
};

const servicesSelecting = async (context: Context, labels: Record<string, string>): Promise<string[]> => {
  const services = await context.read.list({
    apiVersion: 'v1',
    kind: 'Service',
    namespace: context.subject.pod.namespace,
  });
  const spec = z.looseObject({ selector: z.record(z.string(), z.string()).optional() });
  return services
    .filter((service) => {
      const { selector } = spec.parse(service.spec ?? {});
      return (
        selector !== undefined && Object.keys(selector).length > 0 && selectorMatches({ matchLabels: selector }, labels)
      );
    })
    .map((service) => service.metadata.name);
};

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
  permissions: {
    iam: [],
    rbac: [
      { group: '', resource: 'pods', verbs: ['get', 'patch'] },
      { group: '', resource: 'services', verbs: ['list'] },
      { group: 'apps', resource: 'statefulsets', verbs: ['get'] },
      { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: ['list'] },
    ],
  },

  capture: async (context) => {
    const pod = await podOf(context);
    if (pod === undefined) return { outcome: 'gone', because: gone(context) };
    // Another incident has quarantined it. Its labels as they are now must not become those that a release restores.
    const was = await context.imageOf(ID, annotationOf(pod, MARK));
    if (was !== undefined && labelsOf(pod)[QUARANTINE_LABEL] === QUARANTINE_VALUE)
      return { outcome: 'captured', before: was };
    const keep = await statefulSelector(context);
    return { outcome: 'captured', before: { labels: labelsOf(pod), tolerations: tolerationsOf(pod), keep } };
  },

  apply: async (context, before) => {
    const was = readImage(image, before, ID);
    const pod = await podOf(context);
    if (pod === undefined) return { outcome: 'gone', because: gone(context) };
    const isMarked = annotationOf(pod, MARK) === context.mark;
    const isLabelled = labelsOf(pod)[QUARANTINE_LABEL] === QUARANTINE_VALUE;
    if (isMarked && (isLabelled || context.entry.anew !== true))
      return isLabelled
        ? { outcome: 'applied' }
        : { outcome: 'applied', because: 'someone removed the quarantine label after us; that is left as it is' };
    const kind = context.subject.pod.owners[0]?.kind;
    await context.write.patch(ref(context), {
      type: 'merge',
      body: {
        metadata: {
          ...sameObject(pod),
          annotations: { [MARK]: context.mark },
          labels: labelPatch(labelsOf(pod), quarantineLabels(labelsOf(pod), kind, was.keep)),
        },
        spec: { tolerations: tolerateForever(tolerationsOf(pod)) },
      },
    });
    const because =
      'the pod keeps the labels of its StatefulSet, because the StatefulSet would be blocked without them';
    return Object.keys(was.keep).length > 0 ? { outcome: 'applied', because } : { outcome: 'applied' };
  },

  verify: async (context) => {
    const pod = await podOf(context);
    if (pod === undefined) return { proof: 'not proven', because: gone(context) };
    const labels = labelsOf(pod);
    if (labels[QUARANTINE_LABEL] !== QUARANTINE_VALUE)
      return { proof: 'not proven', because: 'the quarantine label was removed again' };
    if (context.subject.pod.hostNetwork)
      return {
        proof: 'not proven',
        because: 'the pod uses the host network, which NetworkPolicy does not cover: isolate the node',
      };
    const [policies, services] = await Promise.all([
      context.read.list({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        namespace: context.subject.pod.namespace,
      }),
      servicesSelecting(context, labels),
    ]);
    const allowing = policiesThatAllow(policies, labels);
    const doubts = [
      ...(allowing.length > 0 ? [`NetworkPolicy ${allowing.join(', ')} still allows it traffic`] : []),
      ...(services.length > 0 ? [`Service ${services.join(', ')} still selects it`] : []),
      ...(toleratesForever(tolerationsOf(pod)) ? [] : ['it would be deleted 300 s after its node is cut off']),
    ];
    return doubts.length === 0 ? { proof: 'proven' } : { proof: 'not proven', because: doubts.join('; ') };
  },

  undo: async (context, before) => {
    const was = readImage(image, before, ID);
    const pod = await podOf(context);
    if (pod === undefined) return { outcome: 'not-undoable', because: gone(context) };
    if (annotationOf(pod, MARK) !== context.mark)
      return { outcome: 'undone', because: 'our mark was no longer on the pod; it is left as it is' };
    const handed = await handOver(context, ID, ref(context), pod);
    if (handed !== undefined) return handed;
    const { list, kept } = restoreTolerations(tolerationsOf(pod), was.tolerations);
    await context.write.patch(ref(context), {
      type: 'merge',
      body: {
        metadata: {
          ...sameObject(pod),
          annotations: { [MARK]: null },
          labels: labelPatch(labelsOf(pod), releasedLabels(labelsOf(pod), was.labels)),
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
    const because = [...extra, ...toleration].join('; ');
    return because === '' ? { outcome: 'undone' } : { outcome: 'undone', because };
  },
};
