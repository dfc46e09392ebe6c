import type { KubeCluster } from '../../local/world/kubernetes/cluster.ts';
import { type Fields, fieldsAt, listAt } from '../../local/world/kubernetes/objects.ts';
import { Conflict } from '../../shared/errors.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { ClusterWriter } from '../../shared/ports.ts';

/** What of a simulated cluster is made on the real server, in the order in which it can be. */
const KINDS: ReadonlyArray<[string, string]> = [
  ['v1', 'Namespace'],
  ['v1', 'Node'],
  ['v1', 'ServiceAccount'],
  ['v1', 'Secret'],
  ['rbac.authorization.k8s.io/v1', 'Role'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'ReplicaSet'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'CronJob'],
  ['batch/v1', 'Job'],
  ['v1', 'Service'],
  ['policy/v1', 'PodDisruptionBudget'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['v1', 'Pod'],
];
/** Namespaces that the real server has one of: what lies in them gets names of its own instead. */
const ONE = ['default', 'kube-system', 'firebreak'];
const STATUS = ['Node', 'Pod', 'PodDisruptionBudget'];
const MIRROR = 'kubernetes.io/config.mirror';
const JOB_LABEL = /(^|\/)(controller-uid|job-name)$/;

/** The names that things have on the real server, so that many shops can lie on it side by side. */
export type Names = {
  space(name: string): string;
  node(name: string): string;
  /** Whether an object in one of our namespaces is of this shop, and not of another one on the same server. */
  isOurs(object: KubeObject): boolean;
};

const withoutJobLabels = (labels: Fields): Fields =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !JOB_LABEL.test(key)));

/** The server makes the selector of a Job itself, and wants none given. */
const jobSpec = (spec: Fields): Fields => {
  const { selector: _, template, ...rest } = spec;
  const metadata = {
    ...fieldsAt(template, 'metadata'),
    labels: withoutJobLabels(fieldsAt(template, 'metadata', 'labels')),
  };
  return { ...rest, template: { ...fieldsAt(spec, 'template'), metadata } };
};

const podSpec = (pod: KubeObject, names: Names): Fields => {
  const {
    priority: _,
    preemptionPolicy: __,
    serviceAccount: ___,
    serviceAccountName,
    nodeName,
    ...spec
  } = pod.spec ?? {};
  // A mirror of a static pod may name no account.
  const isMirror = pod.metadata.annotations?.[MIRROR] !== undefined;
  return {
    ...spec,
    ...(typeof nodeName === 'string' ? { nodeName: names.node(nodeName) } : {}),
    ...(serviceAccountName === undefined || isMirror ? {} : { serviceAccountName }),
  };
};

/**
 * Makes what a seeded simulated cluster holds on a real server: the same objects, owners and statuses, in namespaces
 * and on nodes named with `suffix`. The nodes name the VMs of the simulated world, and `kubelet` as their address.
 */
export const mirrorCluster = async (
  cluster: KubeCluster,
  admin: ClusterWriter,
  suffix: string,
  kubelet: { port: number },
): Promise<Names> => {
  const names: Names = {
    space: (name) => (ONE.includes(name) ? name : `${name}-${suffix}`),
    node: (name) => `${name}-${suffix}`,
    isOurs: ({ metadata }) => !ONE.includes(metadata.namespace ?? '') || metadata.name.endsWith(`-${suffix}`),
  };
  const uids = new Map<string, string>();

  const specOf = (object: KubeObject): Fields => {
    if (object.kind === 'Pod') return { spec: podSpec(object, names) };
    if (object.kind === 'Job') return { spec: jobSpec(object.spec ?? {}) };
    return object.spec === undefined ? {} : { spec: object.spec };
  };

  const subjectsOf = (object: KubeObject): Fields =>
    object.kind === 'RoleBinding'
      ? { subjects: listAt(object, 'subjects').map((s) => ({ ...s, namespace: names.space(String(s.namespace)) })) }
      : {};

  const statusOf = (object: KubeObject): Fields => {
    if (object.kind !== 'Node') return { ...object.status };
    // The API server asks the kubelet of a node for logs.
    const addresses = [{ type: 'Hostname', address: '127.0.0.1' }];
    return { ...object.status, addresses, daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } } };
  };

  const isShared = ({ kind, metadata }: KubeObject): boolean =>
    kind === 'Namespace' || (kind === 'ServiceAccount' && ONE.includes(metadata.namespace ?? ''));

  const renamerIn = (namespace: string | undefined): ((name: string) => string) =>
    namespace !== undefined && ONE.includes(namespace) ? (name) => `${name}-${suffix}` : (name) => name;

  const nameOf = (object: KubeObject): string => {
    const { name, namespace } = object.metadata;
    if (object.kind === 'Namespace') return names.space(name);
    if (object.kind === 'Node') return names.node(name);
    return isShared(object) ? name : renamerIn(namespace)(name);
  };

  const metadataOf = (object: KubeObject) => {
    const { namespace, labels, annotations, ownerReferences } = object.metadata;
    const owners = ownerReferences?.map((owner) => ({
      ...owner,
      name: owner.kind === 'Node' ? names.node(owner.name) : renamerIn(namespace)(owner.name),
      uid: uids.get(owner.uid) ?? owner.uid,
    }));
    return {
      name: nameOf(object),
      ...(namespace === undefined ? {} : { namespace: names.space(namespace) }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(owners === undefined ? {} : { ownerReferences: owners }),
    };
  };

  const make = async (object: KubeObject): Promise<void> => {
    const { apiVersion, kind, metadata: _, spec: __, status: ___, ...rest } = object;
    const metadata = metadataOf(object);
    const fields = { ...rest, ...specOf(object), ...subjectsOf(object) };
    try {
      const made = await admin.create({ ...fields, apiVersion, kind, metadata });
      uids.set(object.metadata.uid, made.metadata.uid);
      if (!STATUS.includes(kind)) return;
      const body = { status: statusOf(object) };
      await admin.patch({ ...metadata, apiVersion, kind }, { type: 'merge', body }, 'status');
    } catch (thrown) {
      if (!(thrown instanceof Conflict && isShared(object))) throw thrown;
    }
  };

  for (const [apiVersion, kind] of KINDS) await Promise.all(cluster.list(apiVersion, kind).map(make));
  return names;
};
