import { PERMISSION_DENIED } from '../../grpc-codes.ts';
import { quote } from '../../text.ts';
import { shownCaller } from '../claim.ts';
import { burst, kindsOf } from '../history.ts';
import type { HistoryRule } from '../rule.ts';

const HOUR_MS = 3_600_000;
const ENOUGH = 6;

const serviceOf = (kind: string): string => kind.split(' ')[0] ?? '';

/** Somebody is refused by many Google Cloud services: they are testing what a credential is good for. */
export const permissionDeniedBurst: HistoryRule = {
  id: 'permission-denied-burst',
  reads: 'history',
  title: 'Calls refused by several Google Cloud services',
  sees: `At least ${ENOUGH} refused calls of one principal to Google Cloud, to two or more services, within an hour.`,
  why: 'A stolen credential does not show which rights it has: the thief finds out by trying.',
  technique: [{ id: 'T1580', name: 'Cloud Infrastructure Discovery' }],
  severity: 'low',
  confidence: 0.5,
  family: 'identity',
  falsePositives: ['New colleagues', 'Inventory tools that lack a right'],
  filter: `protoPayload.serviceName!="k8s.io" AND protoPayload.status.code=${PERMISSION_DENIED}`,
  windowMs: HOUR_MS,
  example: 'A tool that lists buckets, instances, secrets and policies of a project, and may see none of them',
  subjectOf: (signal) => {
    const { call, service } = signal;
    if (call !== undefined || service === 'k8s.io' || signal.status.code !== PERMISSION_DENIED) return undefined;
    const { principal, principalClass, callerIp } = signal;
    if (principalClass === 'system') return undefined;
    const who = principal ?? callerIp;
    return who === undefined ? undefined : [who];
  },
  recall: (signal, history) =>
    burst(signal, history, {
      what: `${signal.service} ${signal.method}`,
      windowMs: HOUR_MS,
      isBurst: (recent) => recent.length >= ENOUGH && new Set(kindsOf(recent).map(serviceOf)).size >= 2,
      tell: (recent) => ({
        refusal: true,
        because: [
          `${shownCaller(signal)} was refused ${recent.length} times within an hour`,
          `by ${quote([...new Set(kindsOf(recent).map(serviceOf))].slice(0, 6).join(', '), 300)}`,
        ],
      }),
    }),
};
