import { CONTAIN_RBAC } from '../../../shared/containment/rights.ts';
import { DEFAULT_SETTINGS } from '../../../shared/containment/settings.ts';
import {
  CLUSTER_FUNCTIONS,
  type ClusterFunction,
  type PolicyRule,
  rightsOf,
} from '../../../shared/kubernetes/rbac-roles.ts';
import { forbidden } from './refusal.ts';
import type { Address } from './requests.ts';

/** One access rule. `*` stands for all; without `namespaces`, cluster wide. `resources` in RBAC's form: `pods/log`. */
export type AccessRule = {
  verbs: readonly string[];
  groups: readonly string[];
  resources: readonly string[];
  namespaces?: readonly string[];
};

export type AccessTable = {
  grant(identity: string, rule: AccessRule): void;
  /** Replaces all rules of an identity. */
  replace(identity: string, rules: readonly AccessRule[]): void;
  /** Removes all rules of an identity. */
  revoke(identity: string): void;
  /** Throws 403 if no rule of the identity grants the call. */
  check(identity: string, address: Address): void;
};

const accessOf = (name: ClusterFunction): AccessRule[] => {
  const { everywhere, ownNamespace } = rightsOf(name, CONTAIN_RBAC);
  const ruleOf = ({ apiGroups, resources, verbs }: PolicyRule): AccessRule => ({ groups: apiGroups, resources, verbs });
  const own = { namespaces: [DEFAULT_SETTINGS.namespace] };
  return [...everywhere.map(ruleOf), ...ownNamespace.map((rule) => ({ ...ruleOf(rule), ...own }))];
};

/** The default rights of Firebreak's own identities: those that `firebreak rbac` prints for them. */
const OURS: Record<string, readonly AccessRule[]> = {
  ...Object.fromEntries(CLUSTER_FUNCTIONS.map((name) => [`firebreak-${name}`, accessOf(name)])),
  anyone: [{ verbs: ['*'], groups: ['*'], resources: ['*'] }],
};

const covers = (list: readonly string[], wanted: string): boolean => list.includes('*') || list.includes(wanted);

/** The access rules of all identities. Begins with Firebreak's own identities, and `anyone`, who may do everything. */
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
