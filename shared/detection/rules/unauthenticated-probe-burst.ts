import { UNAUTHENTICATED } from '../../grpc-codes.ts';
import { quote } from '../../text.ts';
import { burst } from '../history.ts';
import type { HistoryRule } from '../rule.ts';

const HOUR_MS = 3_600_000;
const TOLERATED = 50;

/** Somebody without a credential calls again and again. */
export const unauthenticatedProbeBurst: HistoryRule = {
  id: 'unauthenticated-probe-burst',
  reads: 'history',
  title: 'Many calls without a valid credential',
  sees: `More than ${TOLERATED} calls within an hour from one address without a valid credential.`,
  why: 'Every scanner of the internet finds public endpoints, so this is mostly noise. It shows which addresses to look for elsewhere.',
  technique: [{ id: 'T1595', name: 'Active Scanning' }],
  severity: 'low',
  confidence: 0.4,
  family: 'identity',
  falsePositives: ['Host search engines', 'Clients with an expired credential'],
  filter: `protoPayload.serviceName="k8s.io" AND protoPayload.status.code=${UNAUTHENTICATED}`,
  windowMs: HOUR_MS,
  example: 'A scanner that repeatedly requests /api/v1/pods from a public endpoint',
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
