import { resourceOf } from '../kubernetes/call.ts';
import { isSystemNamespace } from '../kubernetes/namespaces.ts';
import type { AuditSignal } from '../model/signal.ts';
import { toldOnce } from '../told-once.ts';
import { BINDINGS, RBAC, ROLES, WEBHOOKS } from './resources.ts';

/**
 * A call that a part of the cluster's own machinery makes every day: from this principal, nothing but its pairs is
 * expected.
 */
type AllowedPair = {
  /** A whole name, or its beginning where it ends in `*`. */
  principal: string;
  resource: string;
  verbs: readonly string[];
  /** Only in namespaces of Kubernetes and GKE. */
  inSystemNamespaces?: true;
};

const UPDATES = ['update', 'patch'];
const WRITES = ['create', ...UPDATES];
const READS = ['list', 'watch'];

const account = (name: string): string => `system:serviceaccount:kube-system:${name}`;
const pairs = (
  principals: readonly string[],
  resources: readonly string[],
  verbs: readonly string[],
  where: Pick<AllowedPair, 'inSystemNamespaces'> = {},
): AllowedPair[] =>
  principals.flatMap((principal) => resources.map((resource) => ({ principal, resource, verbs, ...where })));
const IN_SYSTEM = { inSystemNamespaces: true } as const;

/** Controllers that create pods from templates that somebody else wrote. */
const POD_MAKERS = [
  'replicaset-controller',
  'replication-controller',
  'daemon-set-controller',
  'statefulset-controller',
  'job-controller',
].map(account);
const MANAGER = 'system:kube-controller-manager';
const ADDONS = 'system:addon-manager';
const API_SERVER = 'system:apiserver';
const NAMESPACES = account('namespace-controller');
const GARBAGE = account('generic-garbage-collector');
const CERTIFICATES = account('certificate-controller');

const WORKLOADS = [
  'core/pods',
  'apps/deployments',
  'apps/daemonsets',
  'apps/statefulsets',
  'batch/cronjobs',
  'batch/jobs',
];
const SERVING = ['core/services', 'core/configmaps', 'core/serviceaccounts', 'networking.k8s.io/networkpolicies'];
/** Resources that are deleted along with their namespace or their owner. */
const CONTENT = [
  ...WORKLOADS,
  ...SERVING,
  'apps/replicasets',
  'core/events',
  'events.k8s.io/events',
  'core/secrets',
  'core/persistentvolumeclaims',
  'core/resourcequotas',
  'core/limitranges',
  'policy/poddisruptionbudgets',
  'cilium.io/ciliumnetworkpolicies',
  'networking.gke.io/fqdnnetworkpolicies',
  `${RBAC}/roles`,
  `${RBAC}/rolebindings`,
];

/**
 * Expected pairs of principal and call. A stolen system identity that does anything else is treated like anyone: no
 * principal is exempt as a whole, and a user agent, which anybody can send, exempts nobody.
 */
export const ALLOWED_PAIRS: readonly AllowedPair[] = [
  ...pairs([...POD_MAKERS, MANAGER], ['core/pods'], WRITES),
  ...pairs([account('deployment-controller'), MANAGER], ['apps/replicasets'], WRITES),
  ...pairs([account('cronjob-controller'), MANAGER], ['batch/jobs'], WRITES),
  // Mirror pods of the static pods on the node's own disk. Outside system namespaces nobody expects them.
  ...pairs(['system:node:*'], ['core/pods'], ['create'], IN_SYSTEM),
  ...pairs([ADDONS, 'system:gke-controller-manager'], [...WORKLOADS, ...SERVING], [...WRITES, 'delete'], IN_SYSTEM),
  ...pairs([ADDONS, API_SERVER], ['core/namespaces'], WRITES),
  ...pairs(['system:serviceaccount:gmp-system:operator'], WORKLOADS, WRITES, IN_SYSTEM),
  // It adjusts the resources of its own Deployment to the size of the cluster.
  ...pairs([account('metrics-server'), 'system:metrics-server-nanny'], ['apps/deployments'], UPDATES, IN_SYSTEM),
  ...pairs([ADDONS, API_SERVER], [...ROLES, ...BINDINGS], WRITES),
  ...pairs([account('clusterrole-aggregation-controller'), MANAGER], [`${RBAC}/clusterroles`], UPDATES),
  ...pairs(
    ['system:node:*', 'kubelet-nodepool-bootstrap', 'kubelet-bootstrap', 'gcp:kube-bootstrap'],
    ['certificates.k8s.io/certificatesigningrequests'],
    ['create'],
  ),
  ...pairs(
    [CERTIFICATES, MANAGER, 'system:gcp-controller-manager', 'system:gke-spiffe-controller'],
    ['certificates.k8s.io/certificatesigningrequests/approval'],
    UPDATES,
  ),
  ...pairs([CERTIFICATES, MANAGER], ['certificates.k8s.io/certificatesigningrequests'], ['delete']),
  // The kubelet asks for the tokens of its own pods, and the API server allows it no others.
  ...pairs(['system:node:*', MANAGER], ['core/serviceaccounts/token'], ['create']),
  ...pairs([account('service-account-controller'), MANAGER], ['core/serviceaccounts'], ['create']),
  ...pairs([NAMESPACES, GARBAGE, account('resourcequota-controller'), MANAGER, API_SERVER], ['core/secrets'], READS),
  // These renew the certificates of their own webhooks.
  ...pairs(
    [
      'system:serviceaccount:cert-manager:cert-manager-cainjector',
      'system:serviceaccount:gatekeeper-system:gatekeeper-admin',
      'system:serviceaccount:kyverno:kyverno-admission-controller',
      'system:serviceaccount:istio-system:istiod',
      'system:serviceaccount:gmp-system:operator',
      'system:gke-common-webhooks',
      'system:gke-controller-manager',
      ADDONS,
    ],
    WEBHOOKS,
    WRITES,
  ),
  ...pairs(
    ['system:cloud-controller-manager', 'system:gcp-controller-manager', account('service-controller')],
    ['core/services', 'core/services/status'],
    UPDATES,
  ),
  ...pairs(['system:controller:glbc'], ['core/services', 'core/services/status'], UPDATES),
  ...pairs([NAMESPACES], CONTENT, ['delete', 'deletecollection']),
  ...pairs([GARBAGE], CONTENT, ['delete']),
];

const BY_RESOURCE: ReadonlyMap<string, readonly AllowedPair[]> = Map.groupBy(ALLOWED_PAIRS, (pair) => pair.resource);

/** Whether a call is one that its principal makes as part of its job. */
export const isAllowedPair = toldOnce(
  ({ principal, call }: Pick<AuditSignal, 'principal' | 'call'>): boolean =>
    principal !== undefined &&
    call !== undefined &&
    (BY_RESOURCE.get(resourceOf(call)) ?? []).some(
      (pair) =>
        isNamed(pair.principal, principal) &&
        pair.verbs.includes(call.verb) &&
        (pair.inSystemNamespaces === undefined || (call.namespace !== undefined && isSystemNamespace(call.namespace))),
    ),
);

/** Whether the principal is a controller that creates pods from templates that somebody else wrote. */
export const isPodMaker = ({ principal }: Pick<AuditSignal, 'principal'>): boolean =>
  principal !== undefined && (POD_MAKERS.includes(principal) || principal === MANAGER);

/** Whether a name equals the pattern, or begins with it where the pattern ends in `*`. */
export const isNamed = (pattern: string, name: string): boolean =>
  // Hardly any name begins with the pattern's first letter, and comparing that letter is the cheapest test.
  (pattern.length === 1 || pattern.charCodeAt(0) === name.charCodeAt(0)) &&
  (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern);

/** Programs that bring a cluster to the state in a repository: somebody else wrote what they apply. */
const DEPLOYERS = [
  'system:serviceaccount:argocd:argocd-application-controller',
  'system:serviceaccount:flux-system:kustomize-controller',
  'system:serviceaccount:flux-system:helm-controller',
];

/** Whether a principal is a well-known deployer, by its name. */
export const isDeployer = ({ principal }: Pick<AuditSignal, 'principal'>): boolean =>
  principal !== undefined && DEPLOYERS.includes(principal);

/** Whether a principal mostly applies what somebody reviewed: a deployer, or a service account of Google Cloud. */
export const isReviewed = (signal: Pick<AuditSignal, 'principal' | 'principalClass'>): boolean =>
  signal.principalClass === 'automation' || isDeployer(signal);
