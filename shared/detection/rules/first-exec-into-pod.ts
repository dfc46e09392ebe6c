import { POD_END, REPLICA_SET_END } from '../../kubernetes/names.ts';
import { isProgram } from '../../kubernetes/principals.ts';
import { aboutCall, shownCaller, shownObject } from '../claim.ts';
import { execOf } from '../exec.ts';
import { first } from '../history.ts';
import type { HistoryRule } from '../rule.ts';

const DAYS = 7;
const WINDOW_MS = DAYS * 86_400_000;

/** What follows a Deployment's name in its pods' names. */
const REPLICA = new RegExp(`${REPLICA_SET_END}${POD_END}$`);

/** The first command in `DAYS` days that somebody runs in a pod. It says more than the tenth. */
export const firstExecIntoPod: HistoryRule = {
  id: 'first-exec-into-pod',
  reads: 'history',
  title: 'First exec into a pod by a principal',
  sees: `An exec into a container by a principal that ran none in that pod, or in another pod of its Deployment, in the ${DAYS} days before; for a program, its first in the namespace. It replaces exec-into-pod, as evidence of the same family. It is silent for the first ${DAYS} days in a cluster.`,
  why: 'People who debug a pod do so repeatedly. A first time means a new colleague, or an intruder.',
  technique: [{ id: 'T1609', name: 'Container Administration Command' }],
  severity: 'medium',
  confidence: 0.6,
  family: 'exec',
  falsePositives: ['Operators debugging a pod for the first time', 'New colleagues'],
  filter: 'protoPayload.methodName=~"[.]pods[.]exec[.](create|get)$"',
  windowMs: WINDOW_MS,
  novelty: true,
  example: 'kubectl exec -n shop cart-7d9f -- ls /tmp, by somebody who has not done this before',
  subjectOf: (signal) => {
    if (execOf(signal) === undefined) return undefined;
    const { call, principal, principalClass, outcome } = signal;
    if (call?.name === undefined || principal === undefined) return undefined;
    if (principalClass === 'system' || outcome !== 'ok') return undefined;
    const namespace = call.namespace ?? '';
    // Runners of pipelines create a pod for each job and run its steps there, so for programs the pod does not count.
    return isProgram(signal) ? [principal, namespace] : [principal, namespace, call.name.replace(REPLICA, '')];
  },
  recall: (signal, history) =>
    first(signal, history, WINDOW_MS, () => ({
      ...aboutCall(signal),
      because: [`${shownCaller(signal)} ran a command in ${shownObject(signal)}, for the first time in ${DAYS} days`],
    })),
};
