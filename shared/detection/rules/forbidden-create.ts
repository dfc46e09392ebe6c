import { PERMISSION_DENIED } from '../../grpc-codes.ts';
import { quote } from '../../text.ts';
import { QUESTION } from '../anonymous.ts';
import { shownCaller, shownObject } from '../claim.ts';
import { isUnauthorized } from '../refusal.ts';
import type { AuditRule } from '../rule.ts';

/** Somebody tried to create an object without the right to. */
export const forbiddenCreate: AuditRule = {
  id: 'forbidden-create',
  reads: 'audit',
  title: 'Create refused by authorization',
  sees: 'A create that authorization refuses. Refusals by admission, quota or a policy do not count.',
  why: 'Whoever has found an identity tries what it may do. Single refusals are mostly mistakes; many refusals have a rule of their own.',
  technique: [{ id: 'T1613', name: 'Container and Resource Discovery' }],
  severity: 'low',
  confidence: 0.45,
  family: 'identity',
  falsePositives: ['CI that lacks a right'],
  filter: `(protoPayload.status.code=${PERMISSION_DENIED} AND protoPayload.methodName=~"[.]create$")`,
  example: 'kubectl run x --image=busybox, with an account that lacks the right',
  match: (signal) => {
    const { call } = signal;
    if (call === undefined || call.verb !== 'create' || QUESTION.test(call.group)) return undefined;
    const { principal, principalClass, status } = signal;
    if (principal === undefined || principalClass === 'anonymous' || !isUnauthorized(signal)) return undefined;
    const message = status.message ?? '';
    const what = call.subresource === undefined ? '' : `${quote(call.subresource, 32)} of `;
    return {
      because: [
        `${shownCaller(signal)} was not allowed to create ${what}${shownObject(signal)}`,
        ...(message === '' ? [] : [`the answer was ${quote(message)}`]),
      ],
      refusal: true,
    };
  },
};
