import { isSystemNamespace } from '../kubernetes/namespaces.ts';
import type { AuditSignal } from '../model/signal.ts';
import type { Calls } from './calls.ts';

/** Calls on secrets. The log has reads only where Data Access is on, and never the content. */
export const secretCalls = (...verbs: string[]): readonly Calls[] => [{ resources: ['core/secrets'], verbs }];

/**
 * Whether a call reads one secret. A list or watch that asks for one secret by its name has that name: a kubelet does
 * so for each secret that its pods mount, and for no others.
 */
export const isOfOne = ({ call }: Pick<AuditSignal, 'call'>): boolean => call?.name !== undefined;

/** `isOfOne` as a fragment of a Cloud Logging filter. A namespace may be called `secrets` too. */
export const OF_ONE = 'protoPayload.resourceName=~"^core/v1/(namespaces/[^/]+/)?secrets/"';

/** Whether a call reads the secrets of all namespaces, or those of a system namespace. */
export const isOfMany = ({ call }: Pick<AuditSignal, 'call'>): boolean =>
  call?.namespace === undefined || isSystemNamespace(call.namespace);

/** Whether a service account acts in its own namespace, as operators constantly do. */
export const isAtHome = ({ principal = '', call }: Pick<AuditSignal, 'principal' | 'call'>): boolean =>
  call?.namespace !== undefined && principal.startsWith(`system:serviceaccount:${call.namespace}:`);

/** Whether the principal is a Kubernetes service account, of any namespace. */
export const isAccount = ({ principal = '' }: Pick<AuditSignal, 'principal'>): boolean =>
  principal.startsWith('system:serviceaccount:');
