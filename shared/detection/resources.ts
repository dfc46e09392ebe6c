/** Resources of one group, as `resourceOf` writes them. */
export const inGroup = (group: string, ...names: string[]): string[] => names.map((name) => `${group}/${name}`);

/** The kinds by which a caller asks what it may do itself. */
export const OWN_RIGHTS = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'];

/** The group of roles and bindings. */
export const RBAC = 'rbac.authorization.k8s.io';

export const ROLES = inGroup(RBAC, 'clusterroles', 'roles');
export const BINDINGS = inGroup(RBAC, 'clusterrolebindings', 'rolebindings');
export const WEBHOOKS = inGroup(
  'admissionregistration.k8s.io',
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
);
