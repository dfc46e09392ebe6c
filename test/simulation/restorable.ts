import type { KubeObject } from '../../shared/kubernetes/object.ts';
import type { Kit } from '../kit/containment.ts';

/** The fields of an object that a release must restore. */
export type Traits = { what: string; fields: Readonly<Record<string, string>> };

const told = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** Keys that the cluster itself writes, and the one that a release leaves. */
const OTHERS = /^(deployment\.kubernetes\.io\/|container\.googleapis\.com\/instance_id$|firebreak\.dev\/leave-group$)/;

/** The sorted entries of a map, without those that the cluster itself writes and the one that a release leaves. */
const entriesOf = (map: Readonly<Record<string, string>> = {}): string =>
  told(
    Object.entries(map)
      .filter(([key]) => !OTHERS.test(key))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

const metadataOf = ({ metadata }: KubeObject) => ({
  labels: entriesOf(metadata.labels),
  annotations: entriesOf(metadata.annotations),
});

const templateOf = ({ spec }: KubeObject): unknown => Object(Object(spec?.template).spec).nodeSelector;

const WORKLOADS = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
] as const;

/**
 * Everything that containment changes and a release restores, by UID or instance id; network policies by namespace.
 * Left out: groups that nodes have left; tolerations, which no living pod loses; and the addresses themselves, which
 * others may have got in the meantime (only their number is compared).
 */
export const restorableOf = ({ cluster, world }: Pick<Kit, 'cluster' | 'world'>): Map<string, Traits> => {
  const all = new Map<string, Traits>();
  const add = (uid: string, what: string, fields: Traits['fields']): void => {
    all.set(uid, { what, fields });
  };
  for (const pod of cluster.list('v1', 'Pod'))
    if (pod.metadata.deletionTimestamp === undefined && pod.metadata.namespace !== 'firebreak')
      add(pod.metadata.uid, `Pod ${pod.metadata.namespace}/${pod.metadata.name}`, metadataOf(pod));
  for (const node of cluster.list('v1', 'Node'))
    add(node.metadata.uid, `Node ${node.metadata.name}`, {
      ...metadataOf(node),
      unschedulable: told(node.spec?.unschedulable ?? false),
      taints: told(node.spec?.taints ?? []),
    });
  for (const [apiVersion, kind] of WORKLOADS)
    for (const one of cluster.list(apiVersion, kind))
      add(one.metadata.uid, `${kind} ${one.metadata.namespace}/${one.metadata.name}`, {
        ...metadataOf(one),
        replicas: told(one.spec?.replicas),
        suspend: told(one.spec?.suspend ?? false),
        nodeSelector: told(templateOf(one) ?? {}),
      });
  const policies = cluster.list('networking.k8s.io/v1', 'NetworkPolicy');
  for (const { metadata } of cluster.list('v1', 'Namespace')) {
    const names = policies.filter((p) => p.metadata.namespace === metadata.name).map((p) => p.metadata.name);
    add(metadata.uid, `Namespace ${metadata.name}`, { policies: told(names.toSorted()) });
  }
  for (const vm of world.compute.state.instances.values())
    add(vm.id, `VM ${vm.name}`, {
      tags: told([...(vm.tags.items ?? [])].toSorted()),
      autoDelete: told(vm.disks.map(({ autoDelete }) => autoDelete)),
      addresses: told(vm.networkInterfaces.map(({ accessConfigs }) => accessConfigs?.length ?? 0)),
    });
  return all;
};
