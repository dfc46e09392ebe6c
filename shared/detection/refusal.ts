import type { AuditSignal } from '../model/signal.ts';

const FORBIDDEN = 7;

/** The words of an authorizer, in which everything that somebody named is quoted. */
const UNAUTHORIZED = /is forbidden: User "|^forbidden: User "/;

/**
 * The words of whoever looks at what was asked for, not at who asked. With the spaces that they have: no name of an object,
 * a namespace or a resource can spell them, and each message quotes some.
 */
const ADMISSION =
  /exceeded quota: |status unknown for quota: |admission webhook "|image policy webhook | denied the request|violates PodSecurity "|ValidatingAdmissionPolicy '| usage per (?:Container|Pod) is |because it is being (?:terminated|deleted)/i;

/**
 * Whether authorization refused a call. Quotas and admission refuse with the same code, and what they say tells nothing of who
 * may do what. The log says whose answer it is; only where that is left out is the message asked.
 */
export const isUnauthorized = ({ status, authorization }: Pick<AuditSignal, 'status' | 'authorization'>): boolean => {
  if (status.code !== FORBIDDEN || authorization?.decision === 'allow') return false;
  if (authorization?.decision === 'forbid') return true;
  const message = status.message ?? '';
  return UNAUTHORIZED.test(message) || !ADMISSION.test(message);
};
