import { isAnonymous } from '../../kubernetes/principals.ts';
import { quote } from '../../text.ts';
import { ANONYMOUS_FILTER } from '../anonymous.ts';
import { ACTING } from '../calls.ts';
import { shownCall, shownCaller } from '../claim.ts';
import type { AuditRule } from '../rule.ts';

/** Paths that everybody may read, and that probes request all day. */
const PUBLIC =
  /^\/?(?:readyz|livez|healthz|version|openapi|swagger[.a-z-]*|apis?|openid|\.well-known|robots\.txt|favicon\.ico)(?:[/?]|$)/;
const READS = ['get', 'list', 'watch'];

/** A caller without a credential received an answer. */
export const anonymousRequest: AuditRule = {
  id: 'anonymous-request',
  reads: 'audit',
  title: 'Read by an anonymous caller',
  sees: 'A successful read by system:anonymous, other than of health, version, API groups and keys. Needs the Data Access log.',
  why: 'A role was granted to everyone, and somebody has found it.',
  technique: [
    { id: 'T1078.001', name: 'Valid Accounts: Default Accounts' },
    { id: 'T1190', name: 'Exploit Public-Facing Application' },
  ],
  severity: 'high',
  confidence: 0.85,
  family: 'identity',
  falsePositives: ['Health checks of load balancers on custom paths'],
  filter: ANONYMOUS_FILTER,
  example: 'curl -k https://ENDPOINT/api/v1/namespaces/shop/pods, without a token',
  match: (signal) => {
    if (!isAnonymous(signal.principal) || signal.outcome !== 'ok') return undefined;
    const { call, resourceName = '' } = signal;
    if (call === undefined) {
      if (resourceName === '' || PUBLIC.test(resourceName)) return undefined;
      return { because: [`${shownCaller(signal)} got an answer on ${quote(resourceName, 200)}`] };
    }
    if (!READS.includes(call.verb) || ACTING.includes(call.subresource ?? '')) return undefined;
    return { because: [shownCall(signal)] };
  },
};
