import type { ClusterWriter } from '../../shared/ports.ts';

let made = 0;

/** Creates a namespace for a suite, with the ServiceAccount named default, which a controller would create. */
export const makeNamespace = async (admin: ClusterWriter, prefix: string): Promise<string> => {
  made += 1;
  const name = `${prefix}-${made}`;
  await admin.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await admin.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
  return name;
};

/** Grants a user rights in the whole cluster, as an administrator would. */
export const grant = async (
  admin: ClusterWriter,
  name: string,
  user: string,
  rules: ReadonlyArray<{ apiGroups: string[]; resources: string[]; verbs: string[] }>,
): Promise<void> => {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  await admin.create({ apiVersion, kind: 'ClusterRole', metadata: { name }, rules });
  await admin.create({
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  });
};
