import { makeKinds } from '../../local/world/kubernetes/kinds.ts';
import type { RbacRule } from '../../shared/containment/step.ts';
import type { PolicyRule } from '../../shared/kubernetes/rbac-roles.ts';
import type { ClusterReader, ClusterWriter, WritableClusters } from '../../shared/ports.ts';

const kinds = makeKinds();

/** The right that a call needs, as `group/resource verb`. */
const rightOf = (apiVersion: string, kind: string, verb: string, subresource?: string): string => {
  const known = kinds.byName(apiVersion, kind);
  const resource = `${known?.plural ?? `${kind.toLowerCase().replace(/y$/, 'ie')}s`}${subresource === undefined ? '' : `/${subresource}`}`;
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return `${group}/${resource} ${verb}`;
};

const recordedReader = (real: ClusterReader, used: Set<string>): ClusterReader => ({
  get: async (ref) => {
    used.add(rightOf(ref.apiVersion, ref.kind, 'get'));
    return real.get(ref);
  },
  list: async (of) => {
    used.add(rightOf(of.apiVersion, of.kind, 'list'));
    return real.list(of);
  },
  each: async (of, look) => {
    used.add(rightOf(of.apiVersion, of.kind, 'list'));
    return real.each(of, look);
  },
  log: async (pod) => {
    used.add(rightOf('v1', 'Pod', 'get', 'log'));
    return real.log(pod);
  },
});

const recordedWriter = (real: ClusterWriter, used: Set<string>): ClusterWriter => ({
  create: async (object) => {
    used.add(rightOf(object.apiVersion, object.kind, 'create'));
    return real.create(object);
  },
  patch: async (ref, patch, subresource) => {
    used.add(rightOf(ref.apiVersion, ref.kind, 'patch', subresource));
    return real.patch(ref, patch, subresource);
  },
  delete: async (ref, options) => {
    used.add(rightOf(ref.apiVersion, ref.kind, 'delete'));
    return real.delete(ref, options);
  },
  evict: async (pod) => {
    used.add(rightOf('v1', 'Pod', 'create', 'eviction'));
    return real.evict(pod);
  },
});

/** Clusters that record the rights needed by every call: RBAC in the cluster, and IAM to find the cluster. */
export const recordedClusters = (real: WritableClusters, used: Set<string>): WritableClusters => ({
  ...real,
  describe: async (ref) => {
    used.add('container.clusters.get');
    return real.describe(ref);
  },
  reader: (ref) => recordedReader(real.reader(ref), used),
  writer: (ref) => recordedWriter(real.writer(ref), used),
});

/** The rights in declared rules, one by one. */
export const declaredRights = (rules: readonly RbacRule[]): string[] =>
  rules.flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${group}/${resource} ${verb}`));

/** The rights in the rules of a role, one by one. */
export const grantedRights = (rules: readonly PolicyRule[]): string[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`))),
  );
