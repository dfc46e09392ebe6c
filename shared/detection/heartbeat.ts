import { PERMISSION_DENIED } from '../grpc-codes.ts';
import { ANONYMOUS } from '../kubernetes/principals.ts';
import type { AuditSignal } from '../model/signal.ts';

const VERBS = ['patch', 'update'];

/**
 * Whether a signal is the renewal of a Lease by a node, a controller or a service account. Most entries are, and no
 * rule looks at them. A renewal by a person, or one that was refused, does not count.
 */
export const isHeartbeat = ({
  call,
  principal,
  actingAs,
  status,
}: Pick<AuditSignal, 'call' | 'principal' | 'actingAs' | 'status'>): boolean =>
  call?.group === 'coordination.k8s.io' &&
  call.resource === 'leases' &&
  call.subresource === undefined &&
  VERBS.includes(call.verb) &&
  principal?.startsWith('system:') === true &&
  !ANONYMOUS.includes(principal) &&
  actingAs === undefined &&
  status.code !== PERMISSION_DENIED;

/** The same as a fragment of a Cloud Logging filter, which may match a little less. */
export const HEARTBEAT_FILTER = [
  'protoPayload.methodName=~"^io[.]k8s[.]coordination[.].*[.]leases[.](patch|update)$"',
  'protoPayload.resourceName=~"^coordination[.]k8s[.]io/"',
  'protoPayload.authenticationInfo.principalEmail=~"^system:"',
  ...ANONYMOUS.map((name) => `NOT protoPayload.authenticationInfo.principalEmail="${name}"`),
  'NOT protoPayload.authenticationInfo.authoritySelector:*',
  `NOT protoPayload.status.code=${PERMISSION_DENIED}`,
].join(' AND ');
