import type { RbacRule } from '../containment/step.ts';

/** The functions that reach a cluster's API server. */
export const CLUSTER_FUNCTIONS = ['contain', 'decide', 'operate', 'detect-cryptomining'] as const;
export type ClusterFunction = (typeof CLUSTER_FUNCTIONS)[number];

/** A custom kind that owns pods, by the group and plural of its API: `argoproj.io`, `rollouts`. */
export type OwnerKind = { group: string; resource: string };

/** One rule of a role, as RBAC writes it. */
export type PolicyRule = { apiGroups: string[]; resources: string[]; verbs: string[] };

/** What a function may: in the whole cluster, and in the namespace of our own pods alone. */
export type Rights = { everywhere: PolicyRule[]; ownNamespace: PolicyRule[] };

const POD: RbacRule = { group: '', resource: 'pods', verbs: ['get', 'list'] };

const owner = (group: string, ...resources: string[]): RbacRule[] =>
  resources.map((resource) => ({ group, resource, verbs: ['get'] }));

/** What resolving a target reads: pods, nodes, namespaces, and the controllers that Kubernetes itself has. */
const RESOLVE: readonly RbacRule[] = [
  POD,
  { group: '', resource: 'nodes', verbs: ['get', 'list'] },
  { group: '', resource: 'namespaces', verbs: ['get'] },
  ...owner('', 'replicationcontrollers'),
  ...owner('apps', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'),
  ...owner('batch', 'cronjobs', 'jobs'),
];

const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].toSorted();

/** Verbs of one resource that a rule for every resource of its group gives already are left out. */
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

/** Rules with the same group and verbs as one, in the order of group and resource. */
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
 * What each function needs in a cluster. `steps`: what the steps declare, which is all that contain gets. `owners`:
 * custom kinds that own pods, which are read as evidence, and deleted with their workload.
 */
export const rightsOf = (
  name: ClusterFunction,
  steps: readonly RbacRule[],
  owners: readonly OwnerKind[] = [],
): Rights => {
  const custom = (verbs: readonly string[]): RbacRule[] => owners.map((kind) => ({ ...kind, verbs }));
  // Workloads of a custom kind are deleted where those of Kubernetes' own kinds are.
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
