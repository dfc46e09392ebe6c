import { type Loose, text } from '../kubernetes/loose.ts';
import * as grammar from '../kubernetes/names.ts';
import type { ClusterRef, Target } from '../model/target.ts';
import { sameCluster } from '../model/target.ts';
import { quote } from '../text.ts';
import { UNKNOWN_PROJECT } from './audit-fields.ts';
import { auditedThing, isOfAuditLog } from './falco-audited.ts';
import { fieldOf } from './falco-fields.ts';
import type { ReadContext } from './source.ts';

/** The `customfields` of falcosidekick, or its `customattributes` for Pub/Sub, that name the cluster it runs in. */
export const FALCO_PLACE_FIELDS = { project: 'project_id', location: 'location', cluster: 'cluster_name' } as const;

const UNNAMED = `no cluster is named, so nothing acts on it: set the custom fields ${Object.values(FALCO_PLACE_FIELDS).join(', ')} of falcosidekick`;

/**
 * The target of an alert. Falco does not know its cluster: only custom fields, attributes or the topic that carried the
 * alert (`context.place`) name one, and where they disagree, the alert has none. Without a cluster the target is only
 * the project, and without a time (`timed` is false) only the cluster: a pod of that name may run elsewhere, or may
 * have been created since.
 */
export const falcoTarget = (
  alert: Loose,
  context: ReadContext,
  timed: boolean,
): { target: Target; doubts: string[] } => {
  const [first, ...others] = placesOf(alert, context);
  const project = context.place?.project ?? UNKNOWN_PROJECT;
  if (first === undefined) return { target: { project }, doubts: [UNNAMED] };
  if (others.some((other) => !sameCluster(first, other))) {
    return {
      target: { project },
      doubts: ['its fields, its attributes and its topic name different clusters: nothing acts on it'],
    };
  }
  if (!timed) return { target: first, doubts: [] };
  const { thing, doubt } = thingOf(alert);
  return { target: { ...first, ...thing }, doubts: doubt === undefined ? [] : [doubt] };
};

const placesOf = (alert: Loose, { place, attributes }: ReadContext): ClusterRef[] =>
  [
    named((name) => fieldOf(alert, name)),
    named((name) => text(attributes?.[name])),
    { project: place?.project, location: place?.location, cluster: place?.cluster },
  ].flatMap(({ project = place?.project, location, cluster }) =>
    project === undefined || location === undefined || cluster === undefined ? [] : [{ project, location, cluster }],
  );

type Named = { [K in keyof ClusterRef]: string | undefined };

const named = (value: (name: string) => string | undefined): Named => {
  const checked = (name: string, is: (text: string) => boolean): string | undefined => {
    const found = value(name);
    return found !== undefined && is(found) ? found : undefined;
  };
  return {
    project: checked(FALCO_PLACE_FIELDS.project, grammar.isProjectId),
    location: checked(FALCO_PLACE_FIELDS.location, grammar.isLocation),
    cluster: checked(FALCO_PLACE_FIELDS.cluster, grammar.isClusterName),
  };
};

/**
 * The pod of an alert or, for a process outside any container, the node; the object of an audited call. Falco's chart
 * sets the hostname to the node's name.
 */
const thingOf = (alert: Loose): { thing: Partial<Target>; doubt?: string } => {
  if (isOfAuditLog(alert)) return { thing: auditedThing(alert) ?? {} };
  const namespace = fieldOf(alert, 'k8s.ns.name') ?? fieldOf(alert, 'k8smeta.ns.name');
  const pod = fieldOf(alert, 'k8s.pod.name') ?? fieldOf(alert, 'k8smeta.pod.name');
  if (namespace !== undefined && pod !== undefined) {
    if (!grammar.isLabelName(namespace) || !grammar.isSubdomain(pod)) {
      return {
        thing: {},
        doubt: `${quote(`${namespace}/${pod}`, 120)} is no pod's name: the finding is about the cluster alone`,
      };
    }
    const uid = fieldOf(alert, 'k8s.pod.uid') ?? fieldOf(alert, 'k8smeta.pod.uid') ?? '';
    return { thing: { namespace, pod, ...(grammar.isUid(uid) ? { uid } : {}) } };
  }
  if (fieldOf(alert, 'container.id') !== 'host') return { thing: {}, doubt: 'it does not name its pod' };
  const node = fieldOf(alert, 'k8s.node.name') ?? fieldOf(alert, 'k8smeta.node.name') ?? text(alert.hostname);
  return node !== undefined && grammar.isSubdomain(node)
    ? { thing: { node } }
    : { thing: {}, doubt: 'it does not name its node' };
};
