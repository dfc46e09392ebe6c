/** One kind that the API server serves. */
export type Kind = {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  custom: boolean;
  subresources: readonly string[];
};

const built = (group: string, version: string, namespaced: boolean, kinds: Record<string, string>): Kind[] =>
  Object.entries(kinds).map(([kind, plural]) => ({
    group,
    version,
    kind,
    plural,
    namespaced,
    custom: false,
    subresources:
      kind === 'Pod'
        ? ['status', 'log', 'eviction', 'ephemeralcontainers']
        : /^(Namespace|Node|Deployment|ReplicaSet|StatefulSet|DaemonSet|Job|CronJob|PodDisruptionBudget)$/.test(kind)
          ? ['status']
          : [],
  }));

const BUILT_IN: readonly Kind[] = [
  ...built('', 'v1', false, { Namespace: 'namespaces', Node: 'nodes', PersistentVolume: 'persistentvolumes' }),
  ...built('', 'v1', true, {
    ConfigMap: 'configmaps',
    Event: 'events',
    PersistentVolumeClaim: 'persistentvolumeclaims',
    Pod: 'pods',
    ReplicationController: 'replicationcontrollers',
    Secret: 'secrets',
    Service: 'services',
    ServiceAccount: 'serviceaccounts',
  }),
  ...built('apps', 'v1', true, {
    ControllerRevision: 'controllerrevisions',
    DaemonSet: 'daemonsets',
    Deployment: 'deployments',
    ReplicaSet: 'replicasets',
    StatefulSet: 'statefulsets',
  }),
  ...built('batch', 'v1', true, { CronJob: 'cronjobs', Job: 'jobs' }),
  ...built('policy', 'v1', true, { PodDisruptionBudget: 'poddisruptionbudgets' }),
  ...built('networking.k8s.io', 'v1', true, { Ingress: 'ingresses', NetworkPolicy: 'networkpolicies' }),
  ...built('rbac.authorization.k8s.io', 'v1', false, {
    ClusterRole: 'clusterroles',
    ClusterRoleBinding: 'clusterrolebindings',
  }),
  ...built('rbac.authorization.k8s.io', 'v1', true, { Role: 'roles', RoleBinding: 'rolebindings' }),
  ...built('discovery.k8s.io', 'v1', true, { EndpointSlice: 'endpointslices' }),
  ...built('node.k8s.io', 'v1', false, { RuntimeClass: 'runtimeclasses' }),
  ...built('apiextensions.k8s.io', 'v1', false, { CustomResourceDefinition: 'customresourcedefinitions' }),
];

export type Kinds = {
  all(): readonly Kind[];
  /** The kind behind a path segment; `undefined` if the server has no such resource. */
  byPlural(group: string, version: string, plural: string): Kind | undefined;
  byName(apiVersion: string, kind: string): Kind | undefined;
  add(kind: Kind): void;
};

/** `v1` or `apps/v1`. */
export const apiVersionOf = (kind: Kind): string =>
  kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;

/** The kinds of one API server: built-in ones, and those added by custom resource definitions. */
export const makeKinds = (): Kinds => {
  const kinds = [...BUILT_IN];
  return {
    all: () => kinds,
    byPlural: (group, version, plural) =>
      kinds.find((k) => k.group === group && k.version === version && k.plural === plural),
    byName: (apiVersion, kind) => kinds.find((k) => k.kind === kind && apiVersionOf(k) === apiVersion),
    add: (kind) => {
      if (!kinds.some((k) => k.group === kind.group && k.kind === kind.kind)) kinds.push(kind);
    },
  };
};
