import { SHAPE_LABEL } from '../../shared/detection/plateau-policies.ts';
import { queryOf } from '../../shared/detection/plateau-shapes.ts';
import type { CpuShape } from '../../shared/model/cpu-signal.ts';
import type { ClusterRef } from '../../shared/model/target.ts';

/** The resource of an incident, of one of the types that Cloud Monitoring knows. */
export type Monitored =
  | { kind: 'pod'; namespace: string; pod: string; container: string; controller?: { kind: string; name: string } }
  | { kind: 'node'; node: string }
  | { kind: 'instance'; instance: string; zone: string; name: string };

export type CpuIncident = {
  id: string;
  cluster: ClusterRef;
  on: Monitored;
  /** When the condition was first met, in ms since the epoch; the notification rounds down to whole seconds. */
  startedAt: number;
  state?: 'open' | 'closed';
  /** The shape that the policy's condition tests, from its label; without it, the condition is a plain threshold. */
  shape?: Exclude<CpuShape, 'threshold'>;
  /** The project of the policy, if it is not the cluster's. */
  scopingProject?: string;
};

const THRESHOLD = 0.9;
const LASTED_S = 4200;

const METRIC = {
  pod: { type: 'kubernetes.io/container/cpu/limit_utilization', displayName: 'CPU limit utilization' },
  node: { type: 'kubernetes.io/node/cpu/allocatable_utilization', displayName: 'CPU allocatable utilization' },
  instance: { type: 'compute.googleapis.com/instance/cpu/utilization', displayName: 'CPU utilization' },
} as const;

/** The notification that Cloud Monitoring sends to a Pub/Sub channel about an incident on CPU use, version 1.2. */
export const cpuIncident = (of: CpuIncident): Record<string, unknown> => {
  const { id, cluster, on, state = 'open', shape } = of;
  const scoping = of.scopingProject ?? cluster.project;
  const startedAt = Math.floor(of.startedAt / 1000);
  const policy = shape === undefined ? 'CPU above 90 % for 15 minutes' : 'CPU flat at its limit';
  const resource = resourceOf(on, cluster);
  return {
    version: '1.2',
    incident: {
      incident_id: id,
      scoping_project_id: scoping,
      scoping_project_number: 123456789012,
      url: `https://console.cloud.google.com/monitoring/alerting/incidents/${id}?project=${scoping}`,
      started_at: startedAt,
      ended_at: state === 'open' ? null : startedAt + LASTED_S,
      state,
      renotify: false,
      severity: 'Warning',
      summary: `${METRIC[on.kind].displayName} for ${scoping} ${resource.type} is above the threshold of 0.900 with a value of 0.987.`,
      policy_name: policy,
      policy_user_labels: shape === undefined ? {} : { [SHAPE_LABEL]: shape },
      condition_name: policy,
      condition: {
        ...conditionOf(on, shape),
        displayName: policy,
        name: `projects/${scoping}/alertPolicies/1/conditions/2`,
      },
      observed_value: '0.987',
      threshold_value: String(THRESHOLD),
      metric: { ...METRIC[on.kind], labels: {} },
      resource,
      resource_id: '',
      resource_name: `${scoping} ${resource.type}`,
      resource_type_display_name: resource.type,
      metadata: metadataOf(on, cluster),
      documentation: { content: 'See the runbook.', mime_type: 'text/markdown' },
    },
  };
};

const resourceOf = (on: Monitored, { project, location, cluster }: ClusterRef) => {
  const place = { project_id: project, location, cluster_name: cluster };
  if (on.kind === 'node') return { type: 'k8s_node', labels: { ...place, node_name: on.node } };
  if (on.kind === 'instance') {
    return { type: 'gce_instance', labels: { project_id: project, instance_id: on.instance, zone: on.zone } };
  }
  const { namespace, pod, container } = on;
  return {
    type: 'k8s_container',
    labels: { ...place, namespace_name: namespace, pod_name: pod, container_name: container },
  };
};

const metadataOf = (on: Monitored, { location, cluster }: ClusterRef) => {
  if (on.kind === 'instance') {
    const labels = { 'goog-k8s-cluster-name': cluster, 'goog-k8s-cluster-location': location, 'goog-gke-node': '' };
    return { system_labels: { name: on.name }, user_labels: labels };
  }
  const controller = on.kind === 'pod' ? on.controller : undefined;
  const system =
    controller === undefined
      ? {}
      : { top_level_controller_type: controller.kind, top_level_controller_name: controller.name };
  return { system_labels: system, user_labels: {} };
};

const conditionOf = (on: Monitored, shape: CpuIncident['shape']): Record<string, unknown> => {
  const { type } = METRIC[on.kind];
  const query = queryOf(shape ?? 'threshold', type);
  if (query !== undefined) {
    return { conditionPrometheusQueryLanguage: { query, duration: '0s', evaluationInterval: '60s' } };
  }
  return {
    conditionThreshold: {
      filter: `metric.type = "${type}"`,
      aggregations: [{ alignmentPeriod: '60s', perSeriesAligner: 'ALIGN_MEAN' }],
      comparison: 'COMPARISON_GT',
      duration: '900s',
      thresholdValue: THRESHOLD,
      trigger: { count: 1 },
    },
  };
};
