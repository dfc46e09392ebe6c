import { OTHER_POLICIES } from '../../shared/containment/verdicts/other-policies.ts';
import type { Kit } from './containment.ts';
import { serveKind } from './workloads.ts';

/**
 * Adds one of the kinds of policies beside NetworkPolicy to the cluster, and its policy `p1`, in `shop` or
 * cluster-wide.
 */
export const withPolicy = (kit: Kit, kind: string, spec: object): void => {
  const of = OTHER_POLICIES.find((other) => other.kind === kind);
  if (of === undefined) throw new Error(`no policy of kind ${kind} is known`);
  const { apiVersion, group, resource, namespaced } = of;
  const [, version = ''] = apiVersion.split('/');
  serveKind(kit, { group, version, kind, plural: resource, namespaced });
  kit.cluster.apply({ apiVersion, kind, metadata: { name: 'p1', ...(namespaced ? { namespace: 'shop' } : {}) }, spec });
};
