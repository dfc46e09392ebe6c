import { PERMISSION_DENIED } from '../grpc-codes.ts';
import { ANONYMOUS } from '../kubernetes/principals.ts';
import type { ApiCall, AuditSignal } from '../model/signal.ts';

const VERBS = ['patch', 'update'];

/**
 * Whether a signal is the renewal of a Lease by a node, a controller or a service account, or the status that the
 * cluster autoscaler writes every few seconds. Most entries are, and no rule looks at them. One by a person, or one that
 * was refused, does not count.
 */
export const isHeartbeat = ({
  call,
  principal,
  actingAs,
  status,
}: Pick<AuditSignal, 'call' | 'principal' | 'actingAs' | 'status'>): boolean =>
  call !== undefined &&
  VERBS.includes(call.verb) &&
  call.subresource === undefined &&
  (isLease(call) ? isOfCluster(principal) : principal === AUTOSCALER && isStatus(call)) &&
  actingAs === undefined &&
  status.code !== PERMISSION_DENIED;

const isLease = ({ group, resource }: ApiCall): boolean => group === 'coordination.k8s.io' && resource === 'leases';

const isOfCluster = (principal: string | undefined): boolean =>
  principal?.startsWith('system:') === true && !ANONYMOUS.includes(principal);

/** The caller that writes most of what is left of a cluster's log without its leases. */
const AUTOSCALER = 'system:cluster-autoscaler';

const isStatus = ({ group, resource, namespace, name }: ApiCall): boolean =>
  group === 'core' && resource === 'configmaps' && namespace === 'kube-system' && name === 'cluster-autoscaler-status';

/** Renewals of Leases as a fragment of a Cloud Logging filter, which may match a little less. */
export const HEARTBEAT_FILTER = [
  'protoPayload.methodName=~"^io[.]k8s[.]coordination[.].*[.]leases[.](patch|update)$"',
  'protoPayload.resourceName=~"^coordination[.]k8s[.]io/"',
  'protoPayload.authenticationInfo.principalEmail=~"^system:"',
  ...ANONYMOUS.map((name) => `NOT protoPayload.authenticationInfo.principalEmail="${name}"`),
  'NOT protoPayload.authenticationInfo.authoritySelector:*',
  `NOT protoPayload.status.code=${PERMISSION_DENIED}`,
].join(' AND ');
