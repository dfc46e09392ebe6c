import type { WorkloadSubject } from '../../shared/model/subject.ts';
import { type Kit, workloadOf } from './containment.ts';

/** Makes the cluster serve a kind that it does not have by itself. */
export const serveKind = (
  kit: Kit,
  of: { group: string; version?: string; kind: string; plural: string; namespaced?: boolean },
): void => {
  const { group, version = 'v1', kind, plural, namespaced = true } = of;
  kit.cluster.apply({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { plural, kind },
      versions: [{ name: version, served: true, storage: true }],
    },
  });
};

/** Adds a controller `lone` of a built-in kind to namespace `shop`. Its selector is to fit pods with `app: lone`. */
export const loneWorkload = (
  kit: Kit,
  apiVersion: string,
  kind: string,
  spec: { selector: Record<string, unknown>; replicas?: number; serviceName?: string },
): WorkloadSubject => {
  const template = {
    metadata: { labels: { app: 'lone' } },
    spec: { containers: [{ name: 'lone', image: 'shop.example.com/lone:1' }] },
  };
  kit.cluster.apply({
    apiVersion,
    kind,
    metadata: { name: 'lone', namespace: 'shop' },
    spec: { replicas: 1, template, ...spec },
  });
  return workloadOf(kit, apiVersion, kind, 'lone');
};
