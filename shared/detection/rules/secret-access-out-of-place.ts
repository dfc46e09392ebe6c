import { callRule } from '../call-rule.ts';
import { shownCaller, shownObject } from '../claim.ts';
import { isAccount, isOfOne, OF_ONE, secretCalls } from '../secrets.ts';

/** The confidence for a refused workload: one that lacks a right asks again and again. */
const REFUSED = 0.45;

/** A node or a workload tried to read secrets in a way that its kind never does. */
export const secretAccessOutOfPlace = callRule({
  id: 'secret-access-out-of-place',
  title: 'Unusual secret access by a node or a workload',
  sees: 'A list or watch of many secrets by a node, allowed or refused; or a refused read of one secret by a service account (0.45). Needs the Data Access log.',
  why: 'A kubelet requests the secrets of its pods one by one. A program knows which secrets it may read; somebody who has stolen its token does not.',
  technique: [{ id: 'T1552.007', name: 'Unsecured Credentials: Container API' }],
  severity: 'medium',
  confidence: 0.5,
  family: 'identity',
  falsePositives: ['Workloads that start without a right that they need'],
  calls: secretCalls('get', 'list', 'watch'),
  narrowed: `(protoPayload.authenticationInfo.principalEmail=~"^system:node:" AND NOT ${OF_ONE}) OR (protoPayload.authenticationInfo.principalEmail=~"^system:serviceaccount:" AND protoPayload.status.code>0 AND ${OF_ONE})`,
  example: 'a list of secrets with the certificate of a node',
  match: (signal) => {
    const { principal = '', outcome, call } = signal;
    const byNode = principal.startsWith('system:node:') && !isOfOne(signal);
    const refused = isAccount(signal) && isOfOne(signal) && outcome === 'denied';
    if (!byNode && !refused) return undefined;
    const asked = outcome === 'ok' ? 'was allowed to' : 'was not allowed to';
    return {
      because: [`${shownCaller(signal)} ${asked} ${call.verb} ${shownObject(signal)}`],
      refusal: true,
      ...(byNode ? {} : { confidence: REFUSED }),
    };
  },
});
