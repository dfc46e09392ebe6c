import { forbidden } from './refusal.ts';
import type { Address } from './requests.ts';

/** One rule of access. `*` stands for all; `namespaces` absent: cluster wide. `resources` as RBAC writes them: `pods/log`. */
export type AccessRule = {
  verbs: readonly string[];
  groups: readonly string[];
  resources: readonly string[];
  namespaces?: readonly string[];
};

export type AccessTable = {
  grant(identity: string, rule: AccessRule): void;
  /** From now on an identity holds these rules and no others. */
  replace(identity: string, rules: readonly AccessRule[]): void;
  /** Takes everything from an identity. */
  revoke(identity: string): void;
  /** Throws 403 where no rule of the identity grants the call. */
  check(identity: string, address: Address): void;
};

const CORE = [
  'events',
  'namespaces',
  'nodes',
  'pods',
  'pods/log',
  'replicationcontrollers',
  'serviceaccounts',
  'services',
];

/** No Secret and no ConfigMap: what is mounted stands in the pod specs. */
const READ: readonly AccessRule[] = [
  { verbs: ['get', 'list'], groups: [''], resources: CORE },
  {
    verbs: ['get', 'list'],
    groups: ['apps', 'batch', 'policy', 'networking.k8s.io', 'rbac.authorization.k8s.io', 'node.k8s.io'],
    resources: ['*'],
  },
];

/**
 * What our own identities hold unless a test says otherwise. `replace` sets what the steps declare, which is what a
 * deployment gives; custom kinds of owners are granted there one by one.
 */
const OURS: Record<string, readonly AccessRule[]> = {
  'firebreak-decide': READ,
  'firebreak-operate': READ,
  'firebreak-contain': [
    ...READ,
    { verbs: ['create', 'get', 'delete'], groups: [''], resources: ['pods', 'pods/eviction'] },
    {
      verbs: ['patch'],
      groups: [''],
      resources: ['nodes', 'pods', 'pods/ephemeralcontainers', 'replicationcontrollers'],
    },
    { verbs: ['delete'], groups: [''], resources: ['replicationcontrollers'] },
    { verbs: ['patch', 'delete'], groups: ['apps', 'batch'], resources: ['*'] },
    { verbs: ['create', 'patch', 'delete'], groups: ['networking.k8s.io'], resources: ['networkpolicies'] },
  ],
  anyone: [{ verbs: ['*'], groups: ['*'], resources: ['*'] }],
};

const covers = (list: readonly string[], wanted: string): boolean => list.includes('*') || list.includes(wanted);

/** Who may do what; our own identities, and `anyone`, who may do everything. */
export const makeAccessTable = (): AccessTable => {
  const rules = new Map<string, AccessRule[]>(Object.entries(OURS).map(([identity, held]) => [identity, [...held]]));
  return {
    grant: (identity, rule) => {
      rules.set(identity, [...(rules.get(identity) ?? []), rule]);
    },
    replace: (identity, held) => {
      rules.set(identity, [...held]);
    },
    revoke: (identity) => {
      rules.set(identity, []);
    },
    check: (identity, { verb, kind, namespace, name, subresource }) => {
      const resource = subresource === undefined ? kind.plural : `${kind.plural}/${subresource}`;
      const granted = (rules.get(identity) ?? []).some(
        (rule) =>
          covers(rule.verbs, verb) &&
          covers(rule.groups, kind.group) &&
          covers(rule.resources, resource) &&
          (rule.namespaces === undefined || (namespace !== undefined && rule.namespaces.includes(namespace))),
      );
      if (granted) return;
      const scope = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
      throw forbidden(
        { group: kind.group, plural: kind.plural, ...(name === undefined ? {} : { name }) },
        `User "${identity}" cannot ${verb} resource "${resource}" in API group "${kind.group}" ${scope}`,
      );
    },
  };
};
