import { resourceOf } from '../kubernetes/call.ts';
import { isSystemNamespace } from '../kubernetes/namespaces.ts';
import type { AuditSignal } from '../model/signal.ts';

/** What the machinery of a cluster does all day, principal by principal: nothing else of it is expected. */
export type AllowedPair = {
  /** A whole name, or its beginning where it ends in `*`. */
  principal: string;
  resource: string;
  verbs: readonly string[];
  /** Only in namespaces of Kubernetes and GKE. */
  inSystemNamespaces?: true;
};

const WRITES = ['create', 'update', 'patch'];
const account = (name: string): string => `system:serviceaccount:kube-system:${name}`;

/** Controllers that make pods from what somebody else wrote. */
const POD_MAKERS = [
  'replicaset-controller',
  'replication-controller',
  'daemon-set-controller',
  'statefulset-controller',
  'job-controller',
].map(account);
const MANAGER = 'system:kube-controller-manager';

/**
 * Expected pairs of principal and call. A stolen system identity that does anything else is seen like everyone: no
 * principal is exempt as a whole, and a user agent, which anybody can send, exempts from nothing.
 */
export const ALLOWED_PAIRS: readonly AllowedPair[] = [
  ...[...POD_MAKERS, MANAGER].map((principal) => ({ principal, resource: 'core/pods', verbs: WRITES })),
  ...[account('deployment-controller'), MANAGER].map((principal) => ({
    principal,
    resource: 'apps/replicasets',
    verbs: WRITES,
  })),
  ...[account('cronjob-controller'), MANAGER].map((principal) => ({
    principal,
    resource: 'batch/jobs',
    verbs: WRITES,
  })),
  // Mirror pods of what the node runs from its own disk; elsewhere than in system namespaces nobody expects them.
  { principal: 'system:node:*', resource: 'core/pods', verbs: ['create'], inSystemNamespaces: true },
  ...['core/pods', 'apps/deployments', 'apps/daemonsets', 'apps/statefulsets', 'batch/cronjobs', 'batch/jobs'].map(
    (resource) => ({
      principal: 'system:addon-manager',
      resource,
      verbs: WRITES,
      inSystemNamespaces: true as const,
    }),
  ),
  ...['system:addon-manager', 'system:apiserver'].flatMap((principal) =>
    ['clusterrolebindings', 'rolebindings'].map((resource) => ({
      principal,
      resource: `rbac.authorization.k8s.io/${resource}`,
      verbs: WRITES,
    })),
  ),
];

/** Whether a call is one that its principal makes as part of its job. */
export const isAllowedPair = ({ principal, call }: AuditSignal): boolean =>
  principal !== undefined &&
  call !== undefined &&
  ALLOWED_PAIRS.some(
    (pair) =>
      isNamed(pair.principal, principal) &&
      pair.resource === resourceOf(call) &&
      pair.verbs.includes(call.verb) &&
      (pair.inSystemNamespaces === undefined || (call.namespace !== undefined && isSystemNamespace(call.namespace))),
  );

/** Whether a controller makes a pod from a template that somebody else wrote. */
export const isPodMaker = ({ principal }: AuditSignal): boolean =>
  principal !== undefined && (POD_MAKERS.includes(principal) || principal === MANAGER);

const isNamed = (pattern: string, principal: string): boolean =>
  pattern.endsWith('*') ? principal.startsWith(pattern.slice(0, -1)) : principal === pattern;
