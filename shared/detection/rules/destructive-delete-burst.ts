import { resourceOf } from '../../kubernetes/call.ts';
import { REMOVALS } from '../calls.ts';
import { isRehearsal } from '../changes-nothing.ts';
import { shownCaller, shownObject } from '../claim.ts';
import { burst, type Recollection } from '../history.ts';
import type { HistoryRule } from '../rule.ts';

const MINUTES = 10;
const ENOUGH = 5;
/** One call that deletes any number of objects; the entry does not say how many. */
const ALL = 'deletecollection';
const PRECIOUS = [
  'core/namespaces',
  'core/persistentvolumeclaims',
  'core/persistentvolumes',
  'apps/statefulsets',
  'apps/deployments',
];

/** Somebody deletes, one after the other, objects that others depend on. */
export const destructiveDeleteBurst: HistoryRule = {
  id: 'destructive-delete-burst',
  reads: 'history',
  title: 'Many deletions in a short time',
  sees: `At least ${ENOUGH} namespaces, volumes, StatefulSets or Deployments that one principal other than the control plane deletes within ${MINUTES} minutes. A single call that deletes all objects of one kind, in a namespace or everywhere, is enough.`,
  why: 'Destruction is quick, and data on deleted volumes does not come back. A policy can respond with `stopFirst`.',
  technique: [{ id: 'T1485', name: 'Data Destruction' }],
  severity: 'high',
  confidence: 0.75,
  family: 'identity',
  falsePositives: ['Teardown of test environments', 'Uninstallation of large charts'],
  filter:
    'protoPayload.methodName=~"[.](namespaces|persistentvolumeclaims|persistentvolumes|statefulsets|deployments)[.](delete|deletecollection)$"',
  windowMs: MINUTES * 60_000,
  example: 'kubectl delete ns shop pay mail stock web',
  subjectOf: (signal) => {
    const { call, principal } = signal;
    // The conditions that are seldom met come first, because fields are read only when they are used.
    if (call === undefined || !REMOVALS.includes(call.verb) || call.subresource !== undefined) return undefined;
    if (!PRECIOUS.includes(resourceOf(call)) || principal === undefined) return undefined;
    if (signal.principalClass === 'system' || signal.outcome !== 'ok' || isRehearsal(signal)) return undefined;
    return [principal];
  },
  recall: (signal, history) =>
    burst(signal, history, {
      what: signal.call?.verb === ALL ? ALL : '',
      windowMs: MINUTES * 60_000,
      isBurst: (recent) => recent.length >= ENOUGH || recent.some(isOfAll),
      tell: (recent) => ({
        because: [
          `${shownCaller(signal)} made ${recent.length === 1 ? 'one call for many' : recent.length} deletions within ${MINUTES} minutes, the last of ${shownObject(signal)}`,
        ],
      }),
    }),
};

const isOfAll = ({ what }: Recollection): boolean => what === ALL;
