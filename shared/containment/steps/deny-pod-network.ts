import { z } from 'zod';
import { Conflict, Malformed } from '../../errors.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { ALLOWED_TRAFFIC_RBAC, allowedTraffic } from '../allowed-traffic.ts';
import { annotationOf, readImage } from '../image.ts';
import { MANAGED_BY, markKey, QUARANTINE_LABEL, QUARANTINE_POLICY, QUARANTINE_VALUE } from '../marks.ts';
import { notOurs } from '../nothing-left.ts';
import { podByUid } from '../pod.ts';
import { provenUnless, type StepContext, type StepOf, type SubjectOf } from '../step.ts';

const ID = 'deny-pod-network';
const MARK = markKey(ID);
const image = z.object({ existed: z.boolean() });
type Context = StepContext<SubjectOf<'namespace'>>;

const ref = (context: Context) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  namespace: context.subject.namespace,
  name: QUARANTINE_POLICY,
});

const spec = {
  podSelector: { matchLabels: { [QUARANTINE_LABEL]: QUARANTINE_VALUE } },
  policyTypes: ['Ingress', 'Egress'],
};

/** Whether a policy equals `spec` as an API server returns it: both ways, no rules, and exactly our label. */
const deniesAll = (policy: KubeObject): boolean => {
  const read = z
    .looseObject({
      podSelector: z.strictObject({ matchLabels: z.strictObject({ [QUARANTINE_LABEL]: z.literal(QUARANTINE_VALUE) }) }),
      policyTypes: z.array(z.string()),
      ingress: z.array(z.unknown()).max(0).optional(),
      egress: z.array(z.unknown()).max(0).optional(),
    })
    .safeParse(policy.spec);
  return read.success && ['Ingress', 'Egress'].every((way) => read.data.policyTypes.includes(way));
};

const refuses = ({ pods }: SubjectOf<'namespace'>): string | undefined =>
  pods.every((pod) => pod.hostNetwork)
    ? 'every affected pod uses the host network, which NetworkPolicy does not cover: isolate the node instead'
    : undefined;

/** Why pods of the incident may still have traffic although the policy denies all, in sentences. */
const doubtsOf = async (context: Context): Promise<string[]> => {
  const bare = context.subject.pods.filter((pod) => pod.hostNetwork).map((pod) => pod.name);
  return [
    ...(bare.length === 0 ? [] : [`${bare.join(', ')} use the host network, which the policy does not cover`]),
    ...(await allowedTraffic(context, context.subject.namespace, spec.podSelector.matchLabels)),
  ];
};

/** Whether none of the pods is there any more, as after the deletion of the whole namespace. */
const areGone = async (context: Context): Promise<boolean> => {
  const found = await Promise.all(context.subject.pods.map((pod) => podByUid(context, pod)));
  return found.every((pod) => pod === undefined);
};

const OTHERS = `a NetworkPolicy named ${QUARANTINE_POLICY} exists and does not deny all: remove or rename it`;

/**
 * Denies all traffic, both ways, for pods that carry the quarantine label, and for them alone. The policy is made
 * before a pod gets the label, so that the label cuts at once. Connections that are up already may live on.
 */
export const denyPodNetwork: StepOf<'namespace'> = {
  id: ID,
  scope: 'namespace',
  does: 'Denies all traffic, both ways, to and from pods that carry the quarantine label.',
  journal: 'host',
  undoable: true,
  pace: 'ahead',
  permissions: {
    iam: ['container.clusters.get'],
    rbac: [
      { group: '', resource: 'pods', verbs: ['get'] },
      { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: ['get', 'create', 'delete'] },
      ...ALLOWED_TRAFFIC_RBAC,
    ],
  },

  refuses,

  capture: async (context) => {
    const because = refuses(context.subject);
    if (because !== undefined) return { outcome: 'refused', because };
    if (!(await context.describe()).networkPolicy)
      return {
        outcome: 'refused',
        because:
          'the cluster does not enforce NetworkPolicy (neither Dataplane V2 nor the network policy add-on): isolate the node instead',
      };
    const policy = await context.read.get(ref(context));
    if (policy === undefined) return { outcome: 'captured', before: { existed: false } };
    if (annotationOf(policy, MARK) === context.mark)
      return { outcome: 'captured', before: { existed: false }, anew: true };
    return deniesAll(policy)
      ? {
          outcome: 'already',
          because: `NetworkPolicy ${QUARANTINE_POLICY} already denies all; it is not ours, so a release does not remove it`,
          doubts: () => doubtsOf(context),
        }
      : { outcome: 'refused', because: OTHERS };
  },

  apply: async (context) => {
    // What was taken over mostly stands, and must not be sent to be told so.
    const there = context.entry.anew === true ? await context.read.get(ref(context)) : undefined;
    if (there !== undefined && annotationOf(there, MARK) === context.mark && deniesAll(there))
      return { outcome: 'applied' };
    try {
      await context.write.create({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: {
          name: QUARANTINE_POLICY,
          namespace: context.subject.namespace,
          labels: MANAGED_BY,
          annotations: { [MARK]: context.mark },
        },
        spec,
      });
    } catch (thrown) {
      if (thrown instanceof Malformed && (await areGone(context)))
        return { outcome: 'gone', because: `its pods are gone, and the policy was refused: ${thrown.message}` };
      if (!(thrown instanceof Conflict)) throw thrown;
      const policy = await context.read.get(ref(context));
      if (policy === undefined) throw thrown;
      if (annotationOf(policy, MARK) !== context.mark) return denyPodNetwork.capture(context);
      if (context.entry.anew === true && !deniesAll(policy)) {
        await context.write.delete(ref(context), { uid: policy.metadata.uid });
        // Once it is gone, the step is tried again. A finalizer may keep it for ever.
        if ((await context.read.get(ref(context))) === undefined) throw thrown;
        return { outcome: 'refused', because: OTHERS };
      }
    }
    return { outcome: 'applied' };
  },

  verify: async (context) => {
    // Together, since the pod is cut off only afterwards.
    const [policy, doubts] = await Promise.all([context.read.get(ref(context)), doubtsOf(context)]);
    if (policy === undefined)
      return { proof: 'not proven', because: `NetworkPolicy ${QUARANTINE_POLICY} does not exist` };
    if (!deniesAll(policy))
      return {
        proof: 'not proven',
        because: `NetworkPolicy ${QUARANTINE_POLICY} was changed and no longer denies all`,
      };
    return doubts.length === 0
      ? { proof: 'proven', because: 'new connections are denied; connections that are already open may continue' }
      : provenUnless(doubts);
  },

  undo: async (context, before) => {
    readImage(image, before, ID);
    const policy = await context.read.get(ref(context));
    if (policy === undefined) return { outcome: 'undone', because: 'the policy was already deleted' };
    if (annotationOf(policy, MARK) !== context.mark) return notOurs('the policy');
    await context.write.delete(ref(context), { uid: policy.metadata.uid });
    return { outcome: 'undone' };
  },
};
