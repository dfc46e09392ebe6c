import type { Question } from './grants.ts';

/** What none of Firebreak's identities may do. */
export const NEVER: readonly Question[] = [
  { verb: 'get', resource: 'secrets', namespace: 'shop' },
  { verb: 'list', resource: 'configmaps', namespace: 'shop' },
  { verb: 'create', resource: 'pods', namespace: 'shop' },
  { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'shop' },
  { verb: 'get', resource: 'nodes', subresource: 'proxy' },
  { verb: 'delete', resource: 'nodes' },
  { verb: 'delete', resource: 'namespaces' },
  { verb: 'impersonate', resource: 'users' },
  { verb: 'create', resource: 'serviceaccounts', subresource: 'token', namespace: 'shop' },
  { verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings' },
  { verb: 'patch', group: 'rbac.authorization.k8s.io', resource: 'clusterroles' },
  { verb: 'delete', group: 'admissionregistration.k8s.io', resource: 'validatingadmissionpolicies' },
];

/** What contain may change and the others may only read. */
export const TOUCHED = [
  { resource: 'pods' },
  { resource: 'nodes' },
  { group: 'apps', resource: 'deployments' },
  { group: 'networking.k8s.io', resource: 'networkpolicies' },
];
/** Every verb that changes something. */
export const CHANGES = ['create', 'update', 'patch', 'delete'];
