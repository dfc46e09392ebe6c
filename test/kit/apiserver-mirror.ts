import type { KubeCluster } from '../../local/world/kubernetes/cluster.ts';
import { type Fields, fieldsAt, listAt } from '../../local/world/kubernetes/objects.ts';
import { Conflict } from '../../shared/errors.ts';
import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { ClusterWriter } from '../../shared/ports.ts';

/**
 * The kinds of objects that are copied from a simulated cluster to the real server, in an order in which they can be
 * created.
 */
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
/** Namespaces that exist once on the real server; objects in them get names of their own instead. */
const ONE = ['default', 'kube-system', 'firebreak'];
const STATUS = ['Node', 'Pod', 'PodDisruptionBudget'];
const MIRROR = 'kubernetes.io/config.mirror';
const JOB_LABEL = /(^|\/)(controller-uid|job-name)$/;

/** Names on the real server, so that many shops can exist on it side by side. */
export type Names = {
  space(name: string): string;
  node(name: string): string;
  /** Whether an object in one of these namespaces belongs to this shop, and not to another one on the same server. */
  isOurs(object: KubeObject): boolean;
};

const withoutJobLabels = (labels: Fields): Fields =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => !JOB_LABEL.test(key)));

/** A Job's spec without its selector, which the server generates itself and accepts from nobody. */
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
  // A mirror of a static pod may not name a service account.
  const isMirror = pod.metadata.annotations?.[MIRROR] !== undefined;
  return {
    ...spec,
    ...(typeof nodeName === 'string' ? { nodeName: names.node(nodeName) } : {}),
    ...(serviceAccountName === undefined || isMirror ? {} : { serviceAccountName }),
  };
};

/**
 * Copies the objects of a seeded simulated cluster to a real server, with their owners and statuses, into namespaces
 * and onto nodes named with `suffix`. The nodes refer to the VMs of the simulated world, and have the address of
 * `kubelet`.
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
    // The API server asks a node's kubelet for logs.
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
