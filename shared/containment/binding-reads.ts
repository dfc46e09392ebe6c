import type { KubeObject } from '../kubernetes/object.ts';
import type { ClusterRef } from '../model/target.ts';
import { picked } from '../picked.ts';
import type { Clock, Clusters } from '../ports.ts';
import { keptReads } from './kept-reads.ts';
import { bindingsOf } from './verdicts/exhibits.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

/** The bindings, of its namespace and of the cluster, that name a service account. */
export type BindingReads = (cluster: ClusterRef, namespace: string, account: string) => Promise<KubeObject[]>;

/**
 * Reads bindings once where the evidence of several pods asks for those of one account within a second: a cluster may
 * have thousands, and no step changes them.
 */
export const bindingReads = (clusters: Pick<Clusters, 'reader'>, clock: Pick<Clock, 'now'>): BindingReads => {
  const reads = keptReads<KubeObject[]>(clock);
  return (cluster, namespace, account) =>
    reads.ask(JSON.stringify([cluster, namespace, account]), async () => {
      const reader = clusters.reader(cluster);
      const own = (binding: KubeObject): KubeObject[] => bindingsOf([binding], namespace, account);
      const [local, wide] = await Promise.all([
        picked(reader, { apiVersion: RBAC, kind: 'RoleBinding', namespace }, own),
        picked(reader, { apiVersion: RBAC, kind: 'ClusterRoleBinding' }, own),
      ]);
      return [...local, ...wide];
    });
};
