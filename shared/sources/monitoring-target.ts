import { Malformed } from '../errors.ts';
import { text } from '../kubernetes/loose.ts';
import * as grammar from '../kubernetes/names.ts';
import type { Target } from '../model/target.ts';
import { quote } from '../text.ts';
import type { MonitoringIncident } from './monitoring-notification.ts';

type Labels = Readonly<Record<string, unknown>>;
type Kind = 'pod' | 'node' | 'instance';

/**
 * The kind of thing behind each type of monitored resource. For any other type, the labels of a query's result decide.
 */
const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['k8s_container', 'pod'],
  ['k8s_pod', 'pod'],
  ['k8s_node', 'node'],
  ['gce_instance', 'instance'],
]);

/**
 * The target of an incident, in the resource's own project: the scoping project is only where the policy lives. Where
 * the incident does not name the cluster of a pod, node or VM, the target has none, and no other cluster is searched
 * for that name.
 *
 * Throws Malformed where no project is named, and for a name that the platform does not allow.
 */
export const targetOf = (incident: MonitoringIncident): { target: Target; doubts: string[] } => {
  const named = labelsOf(incident);
  const kind = KINDS.get(incident.resource?.type ?? '') ?? kindBy(named);
  const project = checked(named, ['project_id'], grammar.isProjectId);
  if (project === undefined) throw new Malformed('the incident does not name the project of its resource (project_id)');
  const thing = kind === undefined ? undefined : thingOf(kind, named);
  const place = kind === 'instance' ? placeOfInstance(incident, named) : placeOf(named);
  return {
    target: { project, ...place, ...thing },
    doubts: [
      ...(thing === undefined
        ? ['the incident names no container, node or VM: its condition looks at several at once']
        : []),
      ...(thing !== undefined && place.cluster === undefined
        ? ['the incident does not name the cluster, and names alone could be those of another: nothing acts on it']
        : []),
    ],
  };
};

/** The controller of a container, from system labels of its resource that not every policy includes. */
export const controllerOf = (incident: MonitoringIncident): { kind: string; name: string } | undefined => {
  const named = incident.metadata?.system_labels;
  const kind = text(named?.top_level_controller_type);
  const name = text(named?.top_level_controller_name);
  return kind === undefined || name === undefined || !grammar.isKind(kind) || !grammar.isSubdomain(name)
    ? undefined
    : { kind, name };
};

/** The name of a VM, which is also that of its node, from a system label of the VM that not every policy includes. */
export const hostNameOf = (incident: MonitoringIncident): string | undefined => {
  const name = text(incident.metadata?.system_labels.name);
  return incident.resource?.type === 'gce_instance' && name !== undefined && grammar.isComputeName(name)
    ? name
    : undefined;
};

/**
 * The labels of an incident. A query keeps only the labels that it aggregates by, and they are labels of the metric.
 */
const labelsOf = ({ condition, metric, resource }: MonitoringIncident): Labels => {
  const isQuery = condition?.conditionThreshold === undefined;
  return { ...(isQuery ? metric?.labels : {}), ...resource?.labels };
};

const kindBy = (named: Labels): Kind | undefined => {
  if ('pod_name' in named || 'pod' in named) return 'pod';
  if ('node_name' in named || 'node' in named) return 'node';
  return 'instance_id' in named ? 'instance' : undefined;
};

const thingOf = (kind: Kind, named: Labels): Partial<Target> | undefined => {
  if (kind === 'node') {
    const node = checked(named, ['node_name', 'node'], grammar.isSubdomain);
    return node === undefined ? undefined : { node };
  }
  if (kind === 'instance') {
    const instance = checked(named, ['instance_id'], grammar.isInstanceId);
    return instance === undefined ? undefined : { instance };
  }
  const namespace = checked(named, ['namespace_name', 'namespace'], grammar.isLabelName);
  const pod = checked(named, ['pod_name', 'pod'], grammar.isSubdomain);
  return namespace === undefined || pod === undefined ? undefined : { namespace, pod };
};

type Place = Pick<Target, 'location' | 'cluster'>;

const placed = (location: string | undefined, cluster: string | undefined): Place => ({
  ...(location === undefined ? {} : { location }),
  ...(location === undefined || cluster === undefined ? {} : { cluster }),
});

const placeOf = (named: Labels): Place =>
  placed(
    checked(named, ['location'], grammar.isLocation),
    checked(named, ['cluster_name', 'cluster'], grammar.isClusterName),
  );

/** The cluster of a VM, from the labels that GKE puts on the VMs of nodes. Without them only the VM's zone is known. */
const placeOfInstance = ({ metadata }: MonitoringIncident, named: Labels): Place => {
  const labels = metadata?.user_labels ?? {};
  const location = checked(labels, ['goog-k8s-cluster-location'], grammar.isLocation);
  const cluster = checked(labels, ['goog-k8s-cluster-name'], grammar.isClusterName);
  if (location !== undefined && cluster !== undefined) return { location, cluster };
  return placed(checked(named, ['zone'], grammar.isLocation), undefined);
};

/**
 * The value of the first label that is present. A value that breaks the grammar is rejected, never left out or
 * repaired.
 */
const checked = (named: Labels, keys: readonly string[], is: (name: string) => boolean): string | undefined => {
  const key = keys.find((one) => text(named[one]) !== undefined);
  const name = key === undefined ? undefined : text(named[key]);
  if (name === undefined || is(name)) return name;
  throw new Malformed(`label ${key} of the incident is ${quote(name, 80)}: the platform allows no such name`);
};
