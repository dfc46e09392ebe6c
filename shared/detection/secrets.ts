import { isSystemNamespace } from '../kubernetes/namespaces.ts';
import type { AuditSignal } from '../model/signal.ts';
import type { Calls } from './calls.ts';

/** Secrets that are read: in the log only where Data Access is on, and never with their content. */
export const secretCalls = (...verbs: string[]): readonly Calls[] => [{ resources: ['core/secrets'], verbs }];

/** Whether a call reads the secrets of all, or those of the machinery. */
export const isOfMany = ({ call }: Pick<AuditSignal, 'call'>): boolean =>
  call?.namespace === undefined || isSystemNamespace(call.namespace);

/** Whether a service account acts in its own namespace, as operators do all day. */
export const isAtHome = ({ principal = '', call }: Pick<AuditSignal, 'principal' | 'call'>): boolean =>
  call?.namespace !== undefined && principal.startsWith(`system:serviceaccount:${call.namespace}:`);

/** Whether the principal is a service account of Kubernetes, of whatever namespace. */
export const isAccount = ({ principal = '' }: Pick<AuditSignal, 'principal'>): boolean =>
  principal.startsWith('system:serviceaccount:');
