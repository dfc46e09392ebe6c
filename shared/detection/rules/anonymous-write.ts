import { isAnonymous } from '../../kubernetes/principals.ts';
import { ANONYMOUS_FILTER, QUESTION } from '../anonymous.ts';
import { ACTING, CHANGES } from '../calls.ts';
import { aboutCall, shownCaller, shownObject } from '../claim.ts';
import type { AuditRule } from '../rule.ts';

/** A caller without a credential changed something, and the call succeeded. */
export const anonymousWrite: AuditRule = {
  id: 'anonymous-write',
  reads: 'audit',
  title: 'Change by an anonymous caller',
  sees: 'A successful call of system:anonymous that creates, changes or deletes an object, or runs something in a pod. A call without any principal does not count as anonymous.',
  why: 'The API server lets anyone who can reach it, perhaps the whole internet, change the cluster.',
  technique: [
    { id: 'T1190', name: 'Exploit Public-Facing Application' },
    { id: 'T1610', name: 'Deploy Container' },
  ],
  severity: 'critical',
  confidence: 0.95,
  family: 'identity',
  conclusive: true,
  falsePositives: [],
  filter: ANONYMOUS_FILTER,
  example: 'curl -k -X POST https://ENDPOINT/api/v1/namespaces/shop/pods -d @pod.json, without a token',
  match: (signal) => {
    if (!isAnonymous(signal.principal) || signal.outcome !== 'ok') return undefined;
    const { call } = signal;
    if (call === undefined) return undefined;
    const acting = CHANGES.includes(call.verb) || ACTING.includes(call.subresource ?? '');
    if (!acting || QUESTION.test(call.group)) return undefined;
    return {
      because: [
        `${shownCaller(signal)} was allowed to ${quoteVerb(call.verb, call.subresource)} ${shownObject(signal)}`,
      ],
      ...aboutCall(signal),
    };
  },
};

const VERBS: Readonly<Record<string, string>> = {
  deletecollection: 'delete all of',
  update: 'change',
  patch: 'change',
};
const quoteVerb = (verb: string, subresource: string | undefined): string =>
  subresource === undefined ? (VERBS[verb] ?? verb) : `${verb} ${subresource.slice(0, 32)} of`;
