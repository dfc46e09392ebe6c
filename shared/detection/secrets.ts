import { isSystemNamespace } from '../kubernetes/namespaces.ts';
import type { AuditSignal } from '../model/signal.ts';
import type { Calls } from './calls.ts';

/** Secrets that are read: in the log only where Data Access is on, and never with their content. */
export const secretCalls = (...verbs: string[]): readonly Calls[] => [{ resources: ['core/secrets'], verbs }];

/**
 * Whether a call reads one secret. A list or watch that asks for one by its name has that name: so a kubelet follows each
 * secret that its pods mount, and nothing else.
 */
export const isOfOne = ({ call }: Pick<AuditSignal, 'call'>): boolean => call?.name !== undefined;

/** The same, as a fragment of a Cloud Logging filter. A namespace may be called `secrets` too. */
export const OF_ONE = 'protoPayload.resourceName=~"^core/v1/(namespaces/[^/]+/)?secrets/"';

/** Whether a call reads the secrets of all, or those of the machinery. */
export const isOfMany = ({ call }: Pick<AuditSignal, 'call'>): boolean =>
  call?.namespace === undefined || isSystemNamespace(call.namespace);

/** Whether a service account acts in its own namespace, as operators do all day. */
export const isAtHome = ({ principal = '', call }: Pick<AuditSignal, 'principal' | 'call'>): boolean =>
  call?.namespace !== undefined && principal.startsWith(`system:serviceaccount:${call.namespace}:`);

/** Whether the principal is a service account of Kubernetes, of whatever namespace. */
export const isAccount = ({ principal = '' }: Pick<AuditSignal, 'principal'>): boolean =>
  principal.startsWith('system:serviceaccount:');
