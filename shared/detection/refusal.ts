import { PERMISSION_DENIED } from '../grpc-codes.ts';
import type { AuditSignal } from '../model/signal.ts';

/** How an authorizer words a refusal. It quotes everything that somebody named. */
const UNAUTHORIZED = /is forbidden: User "|^forbidden: User "/;

/**
 * How admission and quota, which look at the requested object and not at the caller, word a refusal. The spaces in
 * these phrases matter: no name of an object, a namespace or a resource can contain them, and each message quotes some
 * names.
 */
const ADMISSION =
  /exceeded quota: |status unknown for quota: |admission webhook "|image policy webhook | denied the request|violates PodSecurity "|ValidatingAdmissionPolicy '| usage per (?:Container|Pod) is |because it is being (?:terminated|deleted)/i;

/**
 * Whether authorization refused a call. Quotas and admission refuse with the same code, but their refusals say nothing
 * about who may do what. The log says which of them answered; only where it does not is the message examined.
 */
export const isUnauthorized = ({ status, authorization }: Pick<AuditSignal, 'status' | 'authorization'>): boolean => {
  if (status.code !== PERMISSION_DENIED || authorization?.decision === 'allow') return false;
  if (authorization?.decision === 'forbid') return true;
  const message = status.message ?? '';
  return UNAUTHORIZED.test(message) || !ADMISSION.test(message);
};
