import { MANAGED_BY, QUARANTINE_POLICY } from '../containment/marks.ts';
import type { RbacRule } from '../containment/step.ts';
import { admissionSpecs } from './rbac-admission.ts';
import { CLUSTER_FUNCTIONS, type ClusterFunction, type OwnerKind, type PolicyRule, rightsOf } from './rbac-roles.ts';

/** A Kubernetes object as `kubectl apply` takes it. */
export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels: Record<string, string> };
  [field: string]: unknown;
};

type ManifestOptions = {
  /** The rules that the steps declare. */
  steps: readonly RbacRule[];
  /** The user names of each function: the e-mail address and the numeric id of its service account. */
  users: Readonly<Record<ClusterFunction, readonly string[]>>;
  /** Custom kinds that own pods. */
  owners: readonly OwnerKind[];
  /** The namespace in which our own short-lived pods run. */
  ownNamespace: string;
  /** Namespaces in which nothing is changed; `*` at the end stands for any rest. */
  protectedNamespaces: readonly string[];
};

const RBAC = 'rbac.authorization.k8s.io';
const VERSION = `${RBAC}/v1`;
const ADMISSION = 'admissionregistration.k8s.io/v1';

const roleName = (name: ClusterFunction): string => `firebreak-${name}`;

const made = (
  apiVersion: string,
  kind: string,
  metadata: { name: string; namespace?: string; labels?: Record<string, string> },
  fields: Record<string, unknown>,
): Manifest => ({
  apiVersion,
  kind,
  metadata: { ...metadata, labels: { ...MANAGED_BY, ...metadata.labels } },
  ...fields,
});

/** A role and the binding that gives it to users, in one namespace or in the whole cluster. */
const granted = (
  metadata: { name: string; namespace?: string },
  rules: readonly PolicyRule[],
  users: readonly string[],
): Manifest[] => {
  const kind = metadata.namespace === undefined ? 'ClusterRole' : 'Role';
  return [
    made(VERSION, kind, metadata, { rules }),
    made(VERSION, `${kind}Binding`, metadata, {
      roleRef: { apiGroup: RBAC, kind, name: metadata.name },
      subjects: users.map((name) => ({ apiGroup: RBAC, kind: 'User', name })),
    }),
  ];
};

/** The name of the admission policy and of its binding. */
const ADMISSION_POLICY = 'firebreak-contain';

/**
 * The objects that an administrator applies to a cluster to give our functions the rights that they need, and no more:
 * the namespace of our own pods, a role and a binding for each function, and an admission policy for contain.
 */
export const rbacManifests = (options: ManifestOptions): Manifest[] => {
  const { steps, users, owners, ownNamespace, protectedNamespaces } = options;
  const roles = CLUSTER_FUNCTIONS.flatMap((name) => {
    const { everywhere, ownNamespace: own } = rightsOf(name, steps, owners);
    return [
      ...granted({ name: roleName(name) }, everywhere, users[name]),
      ...(own.length === 0 ? [] : granted({ name: roleName(name), namespace: ownNamespace }, own, users[name])),
    ];
  });
  const { policy, binding } = admissionSpecs(
    { users: users.contain, ownNamespace, protectedNamespaces, policyName: QUARANTINE_POLICY },
    ADMISSION_POLICY,
  );
  // Our own pods use the node's tools and so are privileged; nothing else belongs in this namespace.
  const labels = { 'pod-security.kubernetes.io/enforce': 'privileged' };
  return [
    made('v1', 'Namespace', { name: ownNamespace, labels }, {}),
    ...roles,
    made(ADMISSION, 'ValidatingAdmissionPolicy', { name: ADMISSION_POLICY }, { spec: policy }),
    made(ADMISSION, 'ValidatingAdmissionPolicyBinding', { name: ADMISSION_POLICY }, { spec: binding }),
  ];
};
