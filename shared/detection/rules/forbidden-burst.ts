import { PERMISSION_DENIED } from '../../grpc-codes.ts';
import { isProgram } from '../../kubernetes/principals.ts';
import type { AuditSignal } from '../../model/signal.ts';
import { shownCaller } from '../claim.ts';
import { burst, kindsOf, type Recollection } from '../history.ts';
import { isUnauthorized } from '../refusal.ts';
import type { HistoryRule } from '../rule.ts';

const MINUTES = 5;
const ENOUGH = 10;
/** For programs, this many kinds must be refused: a program that lacks a right requests the same thing for days. */
const KINDS = 3;
const HOURS_QUIET = 24;
/**
 * What a person reads to look around: `kubectl get all -A` alone reads ten kinds. Secrets and rights are not among it.
 */
const LOOKS = /^(?:get|list|watch) (?!secrets|serviceaccounts|(?:cluster)?role(?:binding)?s)/;

/** Somebody is refused over and over: they are testing what they may do. */
export const forbiddenBurst: HistoryRule = {
  id: 'forbidden-burst',
  reads: 'history',
  title: 'Many Kubernetes API calls refused',
  sees: `At least ${ENOUGH} calls of one caller, from one address with one client, that authorization refused within ${MINUTES} minutes; for a person, not only reads of everything but secrets, service accounts and rights; for a program, of at least ${KINDS} kinds, reported once in ${HOURS_QUIET} hours. Refusals by quota or admission do not count.`,
  why: 'A stolen credential does not show which rights it has: the thief finds out by trying.',
  technique: [{ id: 'T1613', name: 'Container and Resource Discovery' }],
  severity: 'medium',
  confidence: 0.65,
  family: 'identity',
  falsePositives: ['Pipelines and controllers that lack a role'],
  filter: `protoPayload.serviceName="k8s.io" AND protoPayload.status.code=${PERMISSION_DENIED}`,
  windowMs: MINUTES * 60_000,
  quietMs: HOURS_QUIET * 3_600_000,
  example: `kubectl auth can-i is avoided: ${ENOUGH} kinds of objects are created by trial, all refused`,
  subjectOf: (signal) => {
    if (signal.call === undefined || signal.principalClass === 'system' || !isUnauthorized(signal)) return undefined;
    const { principal, callerIp, userAgent } = signal;
    return principal === undefined && callerIp === undefined
      ? undefined
      : [principal ?? '', callerIp ?? '', userAgent ?? ''];
  },
  recall: (signal, history) =>
    burst(signal, history, {
      what: `${signal.call?.verb} ${signal.call?.resource}`,
      windowMs: MINUTES * 60_000,
      ...(isProgram(signal) ? { quietMs: HOURS_QUIET * 3_600_000 } : {}),
      isBurst: (recent) => recent.length >= ENOUGH && isTelling(recent, signal),
      tell: (recent) => ({
        refusal: true,
        because: [
          `${shownCaller(signal)} was refused ${recent.length} times within ${MINUTES} minutes, over ${kindsOf(recent).length} kinds of calls`,
        ],
      }),
    }),
};

const isTelling = (recent: readonly Recollection[], signal: AuditSignal): boolean =>
  isProgram(signal) ? kindsOf(recent).length >= KINDS : recent.some(({ what }) => !LOOKS.test(what));
