import type { RbacRule } from '../containment/step.ts';

/** The functions that reach a cluster's API server. */
export const CLUSTER_FUNCTIONS = ['contain', 'decide', 'operate', 'detect-cryptomining'] as const;
export type ClusterFunction = (typeof CLUSTER_FUNCTIONS)[number];

/** Something for each of these functions. */
export const byFunction = <T>(of: (name: ClusterFunction) => T): Record<ClusterFunction, T> => ({
  contain: of('contain'),
  decide: of('decide'),
  operate: of('operate'),
  'detect-cryptomining': of('detect-cryptomining'),
});

/** A custom kind that owns pods, by the group and plural of its API: `argoproj.io`, `rollouts`. */
export type OwnerKind = { group: string; resource: string };

/** One rule of a role, as RBAC writes it. */
export type PolicyRule = { apiGroups: string[]; resources: string[]; verbs: string[] };

/** The rights of a function: in the whole cluster, and in the namespace of our own pods alone. */
type Rights = { everywhere: PolicyRule[]; ownNamespace: PolicyRule[] };

const POD: RbacRule = { group: '', resource: 'pods', verbs: ['get', 'list'] };

const owner = (group: string, ...resources: string[]): RbacRule[] =>
  resources.map((resource) => ({ group, resource, verbs: ['get'] }));

/** Rules for resolving a target, which reads pods, nodes, namespaces and the built-in controllers. */
const RESOLVE: readonly RbacRule[] = [
  POD,
  { group: '', resource: 'nodes', verbs: ['get', 'list'] },
  { group: '', resource: 'namespaces', verbs: ['get'] },
  ...owner('', 'replicationcontrollers'),
  ...owner('apps', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'),
  ...owner('batch', 'cronjobs', 'jobs'),
];

const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].toSorted();

/** The verbs by group and resource, without those that a rule for all resources (`*`) of the group gives already. */
const verbsByResource = (rules: readonly RbacRule[]): Map<string, Map<string, string[]>> => {
  const groups = new Map<string, Map<string, string[]>>();
  for (const { group, resource, verbs } of rules) {
    const resources = groups.get(group) ?? new Map<string, string[]>();
    resources.set(resource, sorted([...(resources.get(resource) ?? []), ...verbs]));
    groups.set(group, resources);
  }
  for (const resources of groups.values()) {
    const all = resources.get('*') ?? [];
    for (const [resource, verbs] of resources)
      if (resource !== '*')
        resources.set(
          resource,
          verbs.filter((verb) => !all.includes(verb)),
        );
  }
  return groups;
};

/** The rules in the order of group and resource, where those with the same group and verbs are merged into one. */
const merged = (rules: readonly RbacRule[]): PolicyRule[] =>
  [...verbsByResource(rules)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([group, resources]) => {
      const byVerbs = new Map<string, string[]>();
      for (const [resource, verbs] of [...resources].toSorted(([a], [b]) => (a < b ? -1 : 1)))
        if (verbs.length > 0) byVerbs.set(verbs.join(), [...(byVerbs.get(verbs.join()) ?? []), resource]);
      return [...byVerbs].map(([verbs, found]) => ({ apiGroups: [group], resources: found, verbs: verbs.split(',') }));
    });

/**
 * The rights that a function needs in a cluster. `steps`: the rules that the steps declare, which contain gets.
 * `owners`: custom kinds that own pods: they are read to resolve targets and as evidence, and deleted with their
 * workload.
 */
export const rightsOf = (
  name: ClusterFunction,
  steps: readonly RbacRule[],
  owners: readonly OwnerKind[] = [],
): Rights => {
  const custom = (verbs: readonly string[]): RbacRule[] => owners.map((kind) => ({ ...kind, verbs }));
  // Workloads of a custom kind may be deleted only if those of built-in kinds may be.
  const deletes = steps.some(({ resource, verbs }) => resource === 'deployments' && verbs.includes('delete'));
  if (name === 'contain')
    return {
      everywhere: merged([
        ...steps.filter((rule) => rule.ownNamespace !== true),
        ...custom(deletes ? ['get', 'delete'] : ['get']),
      ]),
      ownNamespace: merged(steps.filter((rule) => rule.ownNamespace === true)),
    };
  const reads = name === 'detect-cryptomining' ? [POD] : [...RESOLVE, ...custom(['get'])];
  return { everywhere: merged(reads), ownNamespace: [] };
};
