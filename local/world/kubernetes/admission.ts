import type { Context } from './context.ts';
import { suffixOf } from './context.ts';
import type { Kind } from './kinds.ts';
import { at, controlledBy, type Fields, fieldsAt, isFields, listAt, textAt } from './objects.ts';
import { qosClassOf } from './qos.ts';
import { type About, failure, forbidden, notFound } from './refusal.ts';
import type { Draft } from './store.ts';

const UNTIL = 300;
const FLEEING = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** Adds the two tolerations of 300 s that the API server gives to every pod without its own. */
export const withDefaultTolerations = (tolerations: Fields[]): Fields[] => [
  ...tolerations,
  ...FLEEING.filter(
    (key) =>
      !tolerations.some(
        (t) => (t.key === key || t.key === undefined) && (t.effect === 'NoExecute' || t.effect === undefined),
      ),
  ).map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: UNTIL })),
];

const containerDefaults = (container: Fields): Fields => ({
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
  ...container,
});

/** A pod spec with the API server's defaults. */
const defaultPodSpec = (spec: Fields): Fields => ({
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  serviceAccountName: 'default',
  serviceAccount: textAt(spec, 'serviceAccountName') ?? 'default',
  securityContext: {},
  schedulerName: 'default-scheduler',
  enableServiceLinks: true,
  ...spec,
  containers: listAt(spec, 'containers').map(containerDefaults),
  tolerations: withDefaultTolerations(listAt(spec, 'tolerations')),
});

const admitPod = (context: Context, about: About, draft: Draft): Draft => {
  const spec = defaultPodSpec(fieldsAt(draft, 'spec'));
  const namespace = String(draft.metadata.namespace);
  const account = String(spec.serviceAccountName);
  const mirror = isFields(draft.metadata.annotations) && 'kubernetes.io/config.mirror' in draft.metadata.annotations;
  if (!mirror && context.store.get(context.kind('ServiceAccount'), namespace, account) === undefined) {
    throw forbidden(
      about,
      `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
    );
  }
  const runtimeClass = textAt(spec, 'runtimeClassName');
  if (runtimeClass !== undefined) {
    const found = context.store.get(context.kind('RuntimeClass'), undefined, runtimeClass);
    if (found === undefined) throw forbidden(about, `pod rejected: RuntimeClass "${runtimeClass}" not found`);
    spec.nodeSelector = { ...fieldsAt(spec, 'nodeSelector'), ...fieldsAt(found, 'scheduling', 'nodeSelector') };
    spec.tolerations = [...listAt(spec, 'tolerations'), ...listAt(found, 'scheduling', 'tolerations')];
  }
  const node = mirror ? context.store.get(context.kind('Node'), undefined, String(spec.nodeName)) : undefined;
  // The kubelet names its Node as the controller of a mirror pod.
  const owners = node === undefined ? {} : { ownerReferences: [controlledBy(node)] };
  const status = { phase: 'Pending', qosClass: qosClassOf(spec) };
  return { ...draft, metadata: { ...draft.metadata, ...owners }, spec, status };
};

const replicated = (draft: Draft): Draft => ({
  ...draft,
  spec: { replicas: 1, ...fieldsAt(draft, 'spec') },
  status: {},
});

/** A new object after admission and defaulting; throws the API server's refusals. */
export const admit = (context: Context, kind: Kind, about: About, draft: Draft): Draft => {
  const namespace = draft.metadata.namespace;
  if (kind.namespaced) {
    const home = context.store.get(context.kind('Namespace'), undefined, String(namespace));
    if (home === undefined) throw notFound({ group: '', plural: 'namespaces', name: String(namespace) });
    if (home.metadata.deletionTimestamp !== undefined) {
      const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
      throw failure(403, 'Forbidden', `${about.plural} "${about.name}" is forbidden: ${why}`, {
        name: about.name,
        kind: about.plural,
        causes: [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      });
    }
  }
  switch (kind.kind) {
    case 'Pod':
      return admitPod(context, about, draft);
    case 'Namespace':
      return {
        ...draft,
        metadata: {
          ...draft.metadata,
          labels: { ...fieldsAt(draft, 'metadata', 'labels'), 'kubernetes.io/metadata.name': draft.metadata.name },
        },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      };
    case 'Deployment':
    case 'ReplicaSet':
    case 'StatefulSet':
      return replicated(draft);
    case 'Job':
      return {
        ...draft,
        spec: { parallelism: 1, completions: 1, backoffLimit: 6, suspend: false, ...fieldsAt(draft, 'spec') },
        status: {},
      };
    case 'CronJob':
      return { ...draft, spec: { suspend: false, ...fieldsAt(draft, 'spec') }, status: {} };
    case 'DaemonSet':
    case 'PodDisruptionBudget':
      return { ...draft, status: {} };
    default:
      return draft;
  }
};

/** The name of a new object: as given, or generated from `generateName`. */
export const nameFor = (context: Context, metadata: Fields): string | undefined => {
  if (typeof metadata.name === 'string' && metadata.name !== '') return metadata.name;
  const prefix = at(metadata, 'generateName');
  return typeof prefix === 'string' && prefix !== '' ? `${prefix}${suffixOf(context.random())}` : undefined;
};
