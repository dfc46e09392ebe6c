import { quote } from '../../text.ts';
import { burst } from '../history.ts';
import type { HistoryRule } from '../rule.ts';

const HOUR_MS = 3_600_000;
const TOLERATED = 50;
const UNAUTHENTICATED = 16;

/** Somebody without a credential calls again and again. */
export const unauthenticatedProbeBurst: HistoryRule = {
  id: 'unauthenticated-probe-burst',
  reads: 'history',
  title: 'Many calls without a credential',
  sees: `More than ${TOLERATED} calls within an hour from one address that showed no valid credential.`,
  why: 'Public endpoints are found by every scanner of the internet, so this is noise mostly. It tells which addresses to look for elsewhere.',
  technique: [{ id: 'T1595', name: 'Active Scanning' }],
  severity: 'low',
  confidence: 0.4,
  family: 'identity',
  falsePositives: ['Search engines for hosts', 'Clients with an expired credential'],
  filter: `protoPayload.serviceName="k8s.io" AND protoPayload.status.code=${UNAUTHENTICATED}`,
  windowMs: HOUR_MS,
  example: 'A scanner that asks a public endpoint for /api/v1/pods, over and over',
  subjectOf: ({ service, principal, status, callerIp }) =>
    service === 'k8s.io' && principal === undefined && status.code === UNAUTHENTICATED && callerIp !== undefined
      ? [callerIp]
      : undefined,
  recall: (signal, history) =>
    burst(signal, history, {
      what: '',
      windowMs: HOUR_MS,
      isBurst: (recent) => recent.length > TOLERATED,
      tell: (recent) => ({
        refusal: true,
        because: [
          `${recent.length} calls within an hour from ${quote(signal.callerIp ?? '', 64)} showed no valid credential`,
        ],
      }),
    }),
};
